#include <algorithm>
#include <nlohmann/json.hpp>
#include <openvino/core/graph_util.hpp>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>

#include "embed/encoder/encoder_graph.hpp"
#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

// Peers: transformers and sentence-transformers on tiny random models, one of every architecture
// (tools/reference/embed_architectures.py).
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const fs::path kModels = kData / "architectures";
constexpr double kClose = 2e-5;
constexpr double kCosine = 0.99999;

TextColumn model_texts() {
  TextColumn texts;
  for (const auto& text : nlohmann::json::parse(read_text(kModels / "texts.json"))) {
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

double smallest_cosine(const Matrix<float>& a, const Matrix<float>& b) {
  double smallest = 1;
  for (std::size_t i = 0; i < a.rows(); ++i) {
    double product = 0;
    double length_a = 0;
    double length_b = 0;
    for (std::size_t j = 0; j < a.cols(); ++j) {
      const auto x = static_cast<double>(a[i, j]);
      const auto y = static_cast<double>(b[i, j]);
      product += x * y;
      length_a += x * x;
      length_b += y * y;
    }
    smallest = std::min(smallest, product / std::sqrt(length_a * length_b));
  }
  return smallest;
}

void expect_vectors(const fs::path& folder, EmbedOptions options, const std::string& expected) {
  options.precision = Precision::f32;
  const auto encoder = open_encoder(folder, options);
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const auto ours = embed_all(**encoder, model_texts(), 2);
  const auto theirs = golden_matrix("architectures/expected.safetensors", expected);
  ASSERT_EQ(ours.cols(), theirs.cols());
  EXPECT_LE(largest_difference(ours, theirs), kClose) << expected;
  EXPECT_GE(smallest_cosine(ours, theirs), kCosine) << expected;
}

class Architectures : public testing::TestWithParam<const char*> {};

TEST_P(Architectures, GivesThePeersVectors) {
  expect_vectors(kModels / GetParam(), {}, std::string(GetParam()) + ".vectors");
}

/// The largest difference at tokens; padding rows mean nothing.
double difference_at_tokens(const ov::Tensor& ours, const ArrayRef& theirs,
                            const std::vector<std::int32_t>& mask) {
  const auto* expected = reinterpret_cast<const float*>(theirs.bytes.data());
  const float* found = ours.data<const float>();
  const std::size_t width = theirs.shape[2];
  double largest = 0;
  for (std::size_t i = 0; i < theirs.n_elements(); ++i) {
    if (mask[i / width] == 0) continue;
    const double difference =
        std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/// Makes every named node an output unless it is the last, which is one already; returns their
/// names in the order of the outputs.
std::vector<std::string> expose_layers(ov::Model& model) {
  std::vector<std::string> names{"states"};
  for (const auto& node : model.get_ordered_ops()) {
    const std::string name = node->get_friendly_name();
    if (name != "embeddings" && !name.starts_with("layer.")) continue;
    if (model.output(0).get_node()->get_input_node_ptr(0) == node.get()) continue;
    model.add_output(node->output(0));
    names.push_back(name);
  }
  return names;
}

TEST_P(Architectures, GivesThePeersTensorsAfterEveryLayer) {
  const std::string model = GetParam();
  const auto config = detail::read_encoder_config(kModels / model);
  ASSERT_TRUE(config) << to_string(config.error());
  const auto graph = detail::build_encoder_graph(*config);
  ASSERT_TRUE(graph) << to_string(graph.error());
  const auto names = expose_layers(*graph->model);
  EXPECT_GE(names.size(), config->shape.n_layers + 1);

  const auto expected = ArrayFile::open(kModels / "expected.safetensors");
  ASSERT_TRUE(expected);
  auto ids = *expected->int32s(model + ".ids");
  auto mask = *expected->int32s(model + ".mask");
  const auto shape = expected->array(model + ".ids")->shape;
  ov::Core core;
  auto compiled =
      core.compile_model(graph->model, "CPU", ov::hint::inference_precision(ov::element::f32));
  auto request = compiled.create_infer_request();
  request.set_input_tensor(graph->ids, ov::Tensor(ov::element::i32, shape, ids.data()));
  request.set_input_tensor(*graph->mask, ov::Tensor(ov::element::i32, shape, mask.data()));
  request.infer();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto array = expected->array(model + "." + names[i]);
    ASSERT_TRUE(array) << names[i];
    const auto ours = request.get_output_tensor(i);
    ASSERT_EQ(ours.get_size(), array->n_elements()) << names[i];
    // Inner states of random networks are several times larger than vectors are.
    EXPECT_LE(difference_at_tokens(ours, *array, mask), names[i] == "states" ? kClose : 4 * kClose)
        << names[i];
  }
}

INSTANTIATE_TEST_SUITE_P(All, Architectures,
                         testing::Values("distilbert", "xlm-roberta", "roberta", "mpnet",
                                         "modernbert", "gemma3", "qwen3"),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(ArchitecturesGolden, RunsAnOnnxFileWhenAskedOrWhenThereAreNoOtherWeights) {
  expect_vectors(kModels / "distilbert", {.backend = EncoderBackend::onnx}, "distilbert.vectors");
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/distilbert");
  fs::remove(folder / "model.safetensors");
  expect_vectors(folder, {}, "distilbert.vectors");
}

TEST(ArchitecturesGolden, RunsAnOpenVinoFileOfAnArchitectureThatItDoesNotKnow) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/roberta");
  const auto config = detail::read_encoder_config(folder);
  ASSERT_TRUE(config) << to_string(config.error());
  {
    const auto graph = detail::build_encoder_graph(*config);
    ASSERT_TRUE(graph) << to_string(graph.error());
    fs::create_directories(folder / "openvino");
    ov::serialize(graph->model, (folder / "openvino" / "openvino_model.xml").string());
  }
  fs::remove(folder / "model.safetensors");
  change_json(folder / "config.json",
              {{"model_type", "something-new"}, {"max_position_embeddings", 64}});
  expect_vectors(folder, {}, "roberta.vectors");
}

TEST(ArchitecturesGolden, SeesOnlyWhatIsBeforeInACausalGemma) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("architectures/gemma3");
  change_json(folder / "config.json",
              {{"use_bidirectional_attention", false}, {"sliding_window", 5}});
  expect_vectors(folder, {}, "gemma3.causal");
}

TEST(ArchitecturesGolden, PutsAPromptBeforeEveryText) {
  expect_vectors(kModels / "gemma3", {.prompt_name = "Clustering"}, "gemma3.clustering");
  expect_vectors(kModels / "gemma3", {.prompt = "w6 w7"}, "gemma3.clustering");
  expect_vectors(kModels / "modernbert", {.prompt = ""}, "modernbert.no_prompt");
}

TEST(ArchitecturesGolden, CutsVectorsToTheirFirstColumns) {
  expect_vectors(kModels / "gemma3", {.truncate_dim = 8}, "gemma3.first_8");
  expect_vectors(kModels / "gemma3", {.truncate_dim = 8, .normalize = true}, "gemma3.first_8_unit");
}

}  // namespace
}  // namespace topograph
