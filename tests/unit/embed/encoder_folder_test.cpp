#include "topograph/embed/embedder.hpp"
#include "topograph/embed/model_store.hpp"
#include "unit/embed/fixture.hpp"

// What the folders of encoders may hold, and what is said of folders that are not in order.
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using nlohmann::json;

/// Writes modules.json from pairs of a kind and its folder.
void set_modules(const fs::path& folder,
                 const std::vector<std::pair<std::string, std::string>>& modules) {
  json list = json::array();
  for (const auto& [kind, path] : modules) {
    list.push_back({{"type", "sentence_transformers.models." + kind}, {"path", path}});
  }
  write_text(folder / "modules.json", list.dump());
}

void expect_option_error(const fs::path& folder, const EmbedOptions& options,
                         const std::string& words) {
  const auto encoder = open_encoder(folder, options);
  ASSERT_FALSE(encoder);
  EXPECT_EQ(encoder.error().subject, Subject::option) << to_string(encoder.error());
  EXPECT_THAT(to_string(encoder.error()), testing::HasSubstr(words));
}

TEST(EncoderFolder, NamesTheArchitecturesThatAreKnown) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  change_json(folder / "config.json", {{"model_type", "t5"}});
  for (const char* words : {"'t5'", "modernbert", "gemma3_text", "qwen3", "mpnet", "model.onnx"}) {
    expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, words);
  }
}

TEST(EncoderFolder, NamesAMissingArrayAndItsShape) {
  for (const auto& [model, array] :
       {std::pair{"distilbert", "'transformer.layer.2.sa_layer_norm.weight' of shape (24)"},
        std::pair{"roberta",
                  "'roberta.encoder.layer.2.attention.output.LayerNorm.weight' of shape"},
        std::pair{"mpnet", "'encoder.layer.2.attention.LayerNorm.weight' of shape (24)"}}) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of(std::string("architectures/") + model);
    const bool is_distilbert = std::string(model) == "distilbert";
    change_json(folder / "config.json", {{is_distilbert ? "n_layers" : "num_hidden_layers", 3}});
    expect_model_error(open_encoder(folder, {}), ErrorCode::schema, array);
    expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "found no such array");
  }
}

TEST(EncoderFolder, NamesTheExpectedAndTheFoundShape) {
  struct Case {
    std::string model;
    json change;
    std::string words;
  };
  const std::vector<Case> cases = {
      {"modernbert",
       {{"intermediate_size", 40}},
       "mlp.Wi.weight' of shape (80, 24), found (64, 24)"},
      {"gemma3", {{"vocab_size", 70}}, "embed_tokens.weight' of shape (70, 24), found (64, 24)"},
      {"qwen3", {{"num_key_value_heads", 4}}, "k_proj.weight' of shape (24, 24), found (12, 24)"},
      {"gemma3", {{"vocab_size", 40}}, "expected at most the 40 tokens"}};
  for (const auto& [model, change, words] : cases) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("architectures/" + model);
    change_json(folder / "config.json", change);
    expect_model_error(open_encoder(folder, {}), ErrorCode::schema, words);
  }
}

TEST(EncoderFolder, NamesABrokenShardOrIndex) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/qwen3");
  fs::resize_file(folder / "model-00002-of-00002.safetensors", 500);
  expect_model_error(open_encoder(folder, {}), ErrorCode::parse, "model-00002-of-00002");
  fs::remove(folder / "model-00002-of-00002.safetensors");
  expect_model_error(open_encoder(folder, {}), ErrorCode::not_found, "model-00002-of-00002");
  write_text(folder / "model.safetensors.index.json", R"({"weight_map": {"a": "../b"}})");
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "../b");
  write_text(folder / "model.safetensors.index.json", R"({"metadata": {}})");
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "weight_map");
}

TEST(EncoderFolder, SaysWhichFilesWithWeightsItLooksFor) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/roberta");
  expect_model_error(open_encoder(folder, {.backend = EncoderBackend::onnx}), ErrorCode::not_found,
                     "onnx/model.onnx");
  fs::remove(folder / "model.safetensors");
  expect_model_error(open_encoder(folder, {}), ErrorCode::not_found, "openvino_model.xml");
  write_text(folder / "pytorch_model.bin", "");
  expect_model_error(open_encoder(folder, {}), ErrorCode::not_found, "pytorch_model.bin only");
}

TEST(EncoderFolder, NamesADamagedNetwork) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "skipped: OpenVINO's TensorFlow reader, which it tries too, leaks a few bytes";
#endif
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/roberta");
  fs::remove(folder / "model.safetensors");
  write_text(folder / "model.onnx", "this is no network");
  expect_model_error(open_encoder(folder, {}), ErrorCode::parse, "model.onnx");
}

TEST(EncoderFolder, RefusesRotationsItDoesNotKnow) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/qwen3");
  change_json(folder / "config.json",
              {{"rope_parameters", {{"rope_type", "yarn"}, {"rope_theta", 1e6}}}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "yarn");
  change_json(folder / "config.json",
              {{"rope_parameters", nullptr}, {"layer_types", json::array({"ring"})}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "layer_types");
}

TEST(EncoderFolder, RefusesModulesItDoesNotKnowAndNamesThoseItDoes) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  set_pooling(folder, {{"pooling_mode", "mean"}}, false);
  set_modules(folder, {{"Transformer", ""}, {"Pooling", "1_Pooling"}, {"LSTM", "2_LSTM"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "LSTM");
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "Dense, LayerNorm");
  set_modules(folder, {{"Transformer", ""}, {"Normalize", "1_Normalize"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "Normalize at this place");
  set_modules(folder, {{"Transformer", "../other"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "../other");
}

TEST(EncoderFolder, ChecksWhatDenseSaysOfItself) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/gemma3");
  const auto dense = folder / "2_Dense" / "config.json";
  change_json(dense, {{"activation_function", "torch.nn.modules.activation.Hardswish"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "Hardswish");
  change_json(dense,
              {{"activation_function", "torch.nn.modules.linear.Identity"}, {"in_features", 48}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "expected 24 inputs");
  change_json(dense, {{"in_features", 24}, {"bias", true}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "'linear.bias' of shape (32)");
}

TEST(EncoderFolder, KnowsThePromptsOfTheModel) {
  const auto folder = kData / "architectures" / "gemma3";
  expect_option_error(folder, {.prompt_name = "title"}, "Clustering");
  expect_option_error(folder, {.prompt = "w1", .prompt_name = "query"}, "found both");
  const TemporaryFolder temporary;
  const auto copy = temporary.copy_of("architectures/gemma3");
  change_json(copy / "config_sentence_transformers.json", {{"default_prompt_name", "title"}});
  expect_model_error(open_encoder(copy, {}), ErrorCode::schema, "found 'title'");
  change_json(copy / "config_sentence_transformers.json", {{"prompts", {{"query", 7}}}});
  expect_model_error(open_encoder(copy, {}), ErrorCode::schema, "prompts.query");
}

TEST(EncoderFolder, ChecksTheOptionsAgainstTheModel) {
  const auto folder = kData / "architectures" / "xlm-roberta";
  expect_option_error(folder, {.truncate_dim = 25}, "at most 24");
  expect_option_error(folder, {.max_length = 65}, "at most 64");
  expect_option_error(folder, {.pooling = "median"}, "weightedmean");
}

TEST(EncoderFolder, PoolsAsTheOptionSays) {
  const auto encoder =
      open_encoder(kData / "tiny-bert", {.pooling = "cls+max", .precision = Precision::f32});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_LE(largest_difference(embed_all(**encoder, golden_texts()),
                               golden_matrix("encoder_expected.safetensors", "cls+max")),
            2e-5);
}

TEST(EncoderFolder, LowersTheCaseWhenTheFolderAsksForIt) {
  TextColumn texts;
  for (const char* text : {"W5 w6", "w5 W6", "w5 w6"}) texts.push_back(text);
  const auto encoder = open_encoder(kData / "architectures" / "mpnet", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const auto vectors = embed_all(**encoder, texts);
  for (std::size_t j = 0; j < vectors.cols(); ++j) {
    EXPECT_FLOAT_EQ((vectors[0, j]), (vectors[2, j]));
    EXPECT_FLOAT_EQ((vectors[1, j]), (vectors[2, j]));
  }
}

TEST(EncoderFolder, FindsTheNetworkInTheFolderThatOlderModelsNest) {
  const TemporaryFolder temporary;
  const auto folder = temporary.path() / "older";
  fs::create_directories(folder);
  fs::copy(kData / "tiny-bert", folder / "0_Transformer");
  set_pooling(folder, {{"pooling_mode", "cls"}}, false);
  set_modules(folder, {{"Transformer", "0_Transformer"}, {"Pooling", "1_Pooling"}});
  write_text(folder / "config_sentence_transformers.json", "{}");
  RunContext run(RunSettings{});
  const auto encoder = open_embedder({.model = folder.string(), .precision = Precision::f32}, run);
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_LE(largest_difference(embed_all(**encoder, golden_texts()),
                               golden_matrix("encoder_expected.safetensors", "cls")),
            2e-5);
}

TEST(EncoderFolder, AllowsAddedTokensBeyondTheVocabularyUntilATextHasOne) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/gemma3");
  auto tokenizer = json::parse(read_text(folder / "tokenizer.json"));
  for (int id = 60; id <= 64; ++id) {  // the network knows 64
    auto added = tokenizer["added_tokens"][0];
    added["id"] = id;
    added["content"] = "<image" + std::to_string(id) + ">";
    tokenizer["added_tokens"].push_back(added);
  }
  write_text(folder / "tokenizer.json", tokenizer.dump());
  const auto encoder = open_encoder(folder, {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  RunContext run(RunSettings{});
  Matrix<float> out(2, (*encoder)->dimension());
  TextColumn texts;
  texts.push_back("w1");
  texts.push_back("w2 <image64>");
  const auto report = (*encoder)->embed(texts, out.view(), run);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().subject, Subject::input);
  EXPECT_THAT(to_string(report.error()), testing::HasSubstr("row 1"));
  EXPECT_THAT(to_string(report.error()), testing::HasSubstr("<image64>"));
}

TEST(EncoderFolder, IsDescribedWithItsDenseModuleAndItsPrompts) {
  const auto info = describe_model(kData / "architectures" / "modernbert");
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->architecture, "ModernBertModel");
  EXPECT_EQ(info->dimension, 8U);
  EXPECT_EQ(info->max_length, 128U);
  EXPECT_EQ(info->pooling, "cls+weightedmean");
  EXPECT_FALSE(info->is_normalized);
  EXPECT_EQ(info->default_prompt, "document");
  const auto shards = describe_model(kData / "architectures" / "qwen3");
  ASSERT_TRUE(shards) << to_string(shards.error());
  EXPECT_EQ(shards->pooling, "lasttoken");
  EXPECT_GT(shards->weight_bytes,
            fs::file_size(kData / "architectures/qwen3/model-00001-of-00002.safetensors"));
}

TEST(EncoderFolder, GivesOtherFingerprintsToOtherPromptsAndCuts) {
  const auto fingerprint = [](const EmbedOptions& options) {
    const auto encoder = open_encoder(kData / "architectures" / "gemma3", options);
    return *(*encoder)->fingerprint();
  };
  const std::string plain = fingerprint({});
  EXPECT_EQ(fingerprint({}), plain);
  EXPECT_EQ(fingerprint({.prompt = "w4 w5"}), fingerprint({.prompt_name = "query"}));
  for (const EmbedOptions& other :
       {EmbedOptions{.prompt = "w4 w5"}, EmbedOptions{.truncate_dim = 8},
        EmbedOptions{.normalize = true}, EmbedOptions{.pooling = "cls"}}) {
    EXPECT_NE(fingerprint(other), plain);
  }
}

TEST(AdaptedEmbedder, CutsScalesAndPromptsAStaticModel) {
  TextColumn texts;
  texts.push_back("map of the moon");
  TextColumn bare;
  bare.push_back("of the moon");
  const auto folder = kData / "static-f16";
  const auto whole = embed_all(**open_static(folder, {}), texts);
  const auto cut = embed_all(**open_static(folder, {.prompt = "map ", .truncate_dim = 5}), bare);
  const auto unit = embed_all(**open_static(folder, {.truncate_dim = 5, .normalize = true}), texts);
  ASSERT_EQ(cut.cols(), 5U);
  double length = 0;
  for (std::size_t j = 0; j < 5; ++j) {
    EXPECT_EQ((cut[0, j]), (whole[0, j]));
    length += static_cast<double>(unit[0, j]) * static_cast<double>(unit[0, j]);
  }
  EXPECT_NEAR(length, 1, 1e-6);
  EXPECT_FALSE(open_static(folder, {.pooling = "cls"}));
  EXPECT_FALSE(open_static(folder, {.truncate_dim = 500}));
}

}  // namespace
}  // namespace topograph
