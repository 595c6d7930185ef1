#include "topograph/embed/embedder.hpp"

#include <stop_token>

#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

TextColumn texts_of(std::initializer_list<std::string_view> list) {
  TextColumn texts;
  for (const auto text : list) texts.push_back(text);
  return texts;
}

double norm(std::span<const float> row) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

TEST(OpenEncoder, TellsItsNameAndDimension) {
  const auto encoder = open_encoder(kData / "tiny-bert/", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_EQ((*encoder)->name(), "tiny-bert");
  EXPECT_EQ((*encoder)->dimension(), 32U);
}

TEST(OpenEncoder, EncodesNoTextsAndBlankTexts) {
  const auto encoder = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_EQ(embed_all(**encoder, TextColumn{}).rows(), 0U);
  const auto blank = embed_all(**encoder, texts_of({"", " \n"}));
  EXPECT_GT(norm(blank.row(0)), 0.0);
  EXPECT_TRUE(std::ranges::equal(blank.row(0), blank.row(1)));
}

TEST(OpenEncoder, ReportsTokensAndTruncatedTexts) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.max_length = 4});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  RunContext run({.threads = 1});
  Matrix<float> out(2, 32);
  const auto report = (*encoder)->embed(texts_of({"the", "the map of the topic"}), out.view(), run);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->n_texts, 2);
  EXPECT_EQ(report->n_tokens, 3 + 4);
  EXPECT_EQ(report->n_truncated, 1);
}

TEST(OpenEncoder, KeepsTheOrderOfTextsOfDifferentLengths) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.batch_tokens = 16});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const auto texts = golden_texts();
  const auto together = embed_all(**encoder, texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = embed_all(**encoder, texts_of({texts[i]}));
    EXPECT_TRUE(std::ranges::equal(together.row(i), alone.row(0))) << i;
  }
}

TEST(OpenEncoder, StopsWhenAsked) {
  const auto encoder = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  std::stop_source source;
  source.request_stop();
  RunContext run({.threads = 1, .stop = source.get_token()});
  Matrix<float> out(1, 32);
  const auto report = (*encoder)->embed(texts_of({"the map"}), out.view(), run);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
}

TEST(OpenEncoder, ReadsNamesWithThePrefixBertAndHalfPrecision) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  std::vector<std::vector<std::uint16_t>> halves;
  {
    const auto arrays = ArrayFile::open(kData / "tiny-bert" / "model.safetensors");
    ASSERT_TRUE(arrays);
    ArrayWriter writer;
    const auto names = arrays->names();
    halves.reserve(names.size());
    for (const auto& name : names) {
      auto& half = halves.emplace_back();
      const auto values = arrays->floats(name);
      ASSERT_TRUE(values);
      for (const float value : *values) half.push_back(float_to_half(value));
      writer.add("bert." + name, DType::f16, arrays->array(name)->shape,
                 std::as_bytes(std::span(half)));
    }
    ASSERT_TRUE(writer.write(folder / "model.safetensors"));
  }
  const auto half = open_encoder(folder, {});
  const auto full = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(half) << to_string(half.error());
  const auto texts = golden_texts();
  EXPECT_LT(largest_difference(embed_all(**half, texts), embed_all(**full, texts)), 0.05);
}

TEST(OpenEncoder, RefusesALimitBeyondThePositions) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.max_length = 49});
  ASSERT_FALSE(encoder);
  EXPECT_EQ(encoder.error().subject, Subject::option);
  EXPECT_THAT(to_string(encoder.error()), testing::HasSubstr("at most 48"));
}

TEST(OpenEncoder, NamesAMissingFile) {
  for (const char* name : {"config.json", "tokenizer.json", "model.safetensors"}) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("tiny-bert");
    fs::remove(folder / name);
    expect_model_error(open_encoder(folder, {}), ErrorCode::not_found, name);
  }
}

TEST(OpenEncoder, NamesAMissingKey) {
  for (const char* key : {"hidden_size", "num_hidden_layers", "num_attention_heads",
                          "intermediate_size", "max_position_embeddings", "vocab_size"}) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("tiny-bert");
    change_json(folder / "config.json", {{key, nullptr}});
    expect_model_error(open_encoder(folder, {}), ErrorCode::schema, key);
  }
}

TEST(OpenEncoder, RefusesBrokenJsonAndWrongTypes) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  change_json(folder / "config.json", {{"hidden_size", "wide"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "hidden_size");
  write_text(folder / "config.json", "{\"hidden_size\": 32,");
  expect_model_error(open_encoder(folder, {}), ErrorCode::parse, "config.json");
  write_text(folder / "config.json", "[1, 2]");
  expect_model_error(open_encoder(folder, {}), ErrorCode::parse, "JSON object");
}

TEST(OpenEncoder, RefusesWhatItCannotCompute) {
  const std::vector<std::pair<nlohmann::json, std::string>> cases = {
      {{{"model_type", "deberta"}}, "bert, distilbert, roberta, xlm-roberta"},
      {{{"hidden_act", "mish"}}, "mish"},
      {{{"position_embedding_type", "relative_key"}}, "relative_key"},
      {{{"is_decoder", true}}, "decoder"}};
  for (const auto& [change, words] : cases) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("tiny-bert");
    change_json(folder / "config.json", change);
    expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, words);
  }
}

TEST(OpenEncoder, RefusesUnknownModulesAndPoolings) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  set_pooling(folder, {{"pooling_mode", "median"}}, false);
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "median");
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported,
                     "cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken");
  write_text(folder / "modules.json", R"([{"type": "sentence_transformers.models.Dense"}])");
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "Dense");
}

TEST(OpenEncoder, RefusesWeightsThatAreCutOrOfAnotherShape) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  change_json(folder / "config.json", {{"intermediate_size", 96}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "expected 'encoder.layer.0");
  change_json(folder / "config.json", {{"intermediate_size", 64}, {"num_hidden_layers", 3}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "encoder.layer.2");
  change_json(folder / "config.json", {{"num_hidden_layers", 2}});
  fs::resize_file(folder / "model.safetensors", 50'000);
  expect_model_error(open_encoder(folder, {}), ErrorCode::parse, "model.safetensors");
}

TEST(OpenEncoder, RefusesWeightsThatAreNotFinite) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  std::string bytes = read_text(folder / "model.safetensors");
  const float bad = std::numeric_limits<float>::quiet_NaN();
  bytes.replace(bytes.size() - sizeof bad, sizeof bad, reinterpret_cast<const char*>(&bad),
                sizeof bad);
  write_text(folder / "model.safetensors", bytes);
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "finite");
}

TEST(OpenEncoder, RefusesATokenizerOfALargerVocabulary) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  change_json(folder / "tokenizer.json", {{"model", {{"vocab", {{"extra", 500}}}}}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "belong together");
}

TEST(OpenStatic, GivesTheZeroVectorToTextsWithoutTokens) {
  const auto model = open_static(kData / "static-f32", {});
  ASSERT_TRUE(model) << to_string(model.error());
  const auto out = embed_all(**model, texts_of({"", "\u4e00", "the"}));
  EXPECT_EQ(norm(out.row(0)), 0.0);
  EXPECT_EQ(norm(out.row(1)), 0.0);
  EXPECT_NEAR(norm(out.row(2)), 1.0, 1e-6);
}

TEST(OpenStatic, CountsTokensAndTruncatedTexts) {
  const auto model = open_static(kData / "static-f32", {.max_length = 3});
  ASSERT_TRUE(model) << to_string(model.error());
  RunContext run({.threads = 1});
  Matrix<float> out(2, 16);
  const auto report = (*model)->embed(texts_of({"the \u4e00", "the map of the"}), out.view(), run);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->n_tokens, 1 + 3);
  EXPECT_EQ(report->n_truncated, 1);
}

TEST(OpenStatic, RefusesVectorsThatDoNotFitTheTokenizer) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("static-f32");
  change_json(folder / "tokenizer.json", {{"model", {{"vocab", {{"extra", 191}}}}}});
  expect_model_error(open_static(folder, {}), ErrorCode::schema, "belong together");
}

TEST(OpenStatic, RefusesDamagedFiles) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("static-i8");
  fs::resize_file(folder / "model.safetensors", 1000);
  expect_model_error(open_static(folder, {}), ErrorCode::parse, "model.safetensors");
  write_text(folder / "config.json", R"({"model_type": "model2vec", "max_length": -3})");
  expect_model_error(open_static(folder, {}), ErrorCode::schema, "max_length");
  expect_model_error(open_static(kData / "tiny-bert", {}), ErrorCode::not_found, "static model");
}

TEST(OpenStatic, RefusesAMappingBeyondTheVectors) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("static-f32");
  const Matrix<float> vectors(2, 4);
  const std::vector<std::int64_t> mapping(191, 2);
  ArrayWriter writer;
  writer.add("embeddings", vectors.view());
  writer.add("mapping", mapping);
  ASSERT_TRUE(writer.write(folder / "model.safetensors"));
  expect_model_error(open_static(folder, {}), ErrorCode::schema, "mapping");
}

TEST(OpenEmbedder, ChoosesTheKindByTheFolder) {
  RunContext run({.threads = 1});
  const auto encoder = open_embedder({.model = (kData / "tiny-bert").string()}, run);
  const auto vectors = open_embedder({.model = (kData / "static-nested").string()}, run);
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  ASSERT_TRUE(vectors) << to_string(vectors.error());
  EXPECT_EQ((*encoder)->dimension(), 32U);
  EXPECT_EQ((*vectors)->dimension(), 16U);
}

TEST(OpenEmbedder, RefusesOptionsOutOfRange) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.batch_tokens = 0});
  ASSERT_FALSE(encoder);
  EXPECT_THAT(to_string(encoder.error()), testing::HasSubstr("embed.batch_tokens"));
}

std::string fingerprint_of(const Result<std::unique_ptr<Embedder>>& embedder) {
  EXPECT_TRUE(embedder) << to_string(embedder.error());
  const auto print = (*embedder)->fingerprint();
  EXPECT_TRUE(print) << to_string(print.error());
  return *print;
}

TEST(Fingerprint, IsTheSameForACopyOfTheModelAndDiffersByFilesAndOptions) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  const auto print = fingerprint_of(open_encoder(kData / "tiny-bert", {}));
  EXPECT_EQ(print.size(), 64U);
  EXPECT_EQ(fingerprint_of(open_encoder(folder, {})), print);
  EXPECT_NE(fingerprint_of(open_encoder(folder, {.max_length = 7})), print);
  EXPECT_EQ(fingerprint_of(open_encoder(folder, {.batch_tokens = 77})), print);
  EXPECT_NE(fingerprint_of(open_encoder(folder, {.precision = Precision::int8})), print);
  set_pooling(folder, {{"pooling_mode_cls_token", true}}, false);
  const auto cls = fingerprint_of(open_encoder(folder, {}));
  EXPECT_NE(cls, print);
  auto weights = read_text(folder / "model.safetensors");
  weights.back() = static_cast<char>(weights.back() ^ 1);
  write_text(folder / "model.safetensors", weights);
  EXPECT_NE(fingerprint_of(open_encoder(folder, {})), cls);
}

TEST(Fingerprint, OfStaticModelsDiffersByModelAndLength) {
  const auto print = fingerprint_of(open_static(kData / "static-f32", {}));
  EXPECT_EQ(fingerprint_of(open_static(kData / "static-f32/", {})), print);
  EXPECT_NE(fingerprint_of(open_static(kData / "static-f16", {})), print);
  EXPECT_NE(fingerprint_of(open_static(kData / "static-f32", {.max_length = 5})), print);
}

TEST(Fingerprint, NeedsTheModelsFiles) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("static-f32");
  const auto embedder = open_static(folder, {});
  ASSERT_TRUE(embedder) << to_string(embedder.error());
  std::filesystem::remove(folder / "model.safetensors");
  expect_model_error((*embedder)->fingerprint(), ErrorCode::not_found, "model.safetensors");
}

}  // namespace
}  // namespace topograph
