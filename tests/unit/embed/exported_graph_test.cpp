#include <openvino/core/graph_util.hpp>
#include <openvino/core/model.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/result.hpp>

#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

// Exported networks of one table of words, with inputs and outputs as the tests need them.
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
namespace op = ov::op;

constexpr std::size_t kWords = 200;
constexpr std::size_t kWidth = 6;

struct Export {
  std::vector<std::string> inputs = {"input_ids", "attention_mask"};
  ov::element::Type type = ov::element::i64;
  bool has_states = true;
  bool has_sentence = false;
};

/// Writes openvino_model.xml: the hidden state of a token is its row, whatever stands beside it.
fs::path write_export(const TemporaryFolder& temporary, const Export& wanted) {
  const auto folder = temporary.copy_of("tiny-bert");
  fs::remove(folder / "model.safetensors");
  change_json(folder / "config.json", {{"model_type", "something-new"}, {"hidden_size", kWidth}});
  ov::ParameterVector parameters;
  for (const std::string& name : wanted.inputs) {
    parameters.push_back(
        std::make_shared<op::v0::Parameter>(wanted.type, ov::PartialShape{-1, -1}));
    parameters.back()->output(0).set_names({name});
    parameters.back()->set_friendly_name(name);
  }
  std::vector<float> rows(kWords * kWidth);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i % 17) / 4;
  const auto table = op::v0::Constant::create(ov::element::f32, {kWords, kWidth}, rows);
  const auto axis = op::v0::Constant::create(ov::element::i64, {}, {0});
  const auto tokens = op::v0::Constant::create(ov::element::i64, {}, {1});
  const auto states = std::make_shared<op::v8::Gather>(table, parameters[0], axis);
  ov::ResultVector results;
  if (wanted.has_sentence) {
    const auto sentence = std::make_shared<op::v1::ReduceMean>(states, tokens);
    sentence->output(0).set_names({"sentence_embedding"});
    results.push_back(std::make_shared<op::v0::Result>(sentence));
  }
  if (wanted.has_states) {
    states->output(0).set_names({"token_embeddings"});
    results.push_back(std::make_shared<op::v0::Result>(states));
  }
  ov::serialize(std::make_shared<ov::Model>(results, parameters),
                (folder / "openvino_model.xml").string());
  return folder;
}

TEST(ExportedGraph, TakesTheFirstOutputOfTokensWhateverItsName) {
  for (const auto type : {ov::element::i32, ov::element::i64}) {
    const TemporaryFolder temporary;
    const auto folder = write_export(
        temporary, {.inputs = {"input_ids", "token_type_ids", "attention_mask", "position_ids"},
                    .type = type,
                    .has_sentence = true});
    const auto encoder = open_encoder(folder, {});
    ASSERT_TRUE(encoder) << to_string(encoder.error());
    EXPECT_EQ((*encoder)->dimension(), kWidth);
    TextColumn texts;
    texts.push_back("the map");
    texts.push_back("the");
    const auto vectors = embed_all(**encoder, texts);
    EXPECT_TRUE(std::isfinite(vectors[1, 0]));
    EXPECT_GT((vectors[0, 0]) + (vectors[0, 1]), 0.0F);
  }
}

TEST(ExportedGraph, NamesAnInputThatItCannotFill) {
  const TemporaryFolder temporary;
  const auto folder = write_export(temporary, {.inputs = {"input_ids", "past_key_values.0.key"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "past_key_values.0.key");
}

TEST(ExportedGraph, NeedsTokenIdsOfWholeNumbers) {
  const TemporaryFolder temporary;
  const auto folder = write_export(temporary, {.inputs = {"attention_mask"}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "an input input_ids");
}

TEST(ExportedGraph, NeedsHiddenStates) {
  const TemporaryFolder temporary;
  const auto folder = write_export(temporary, {.has_states = false, .has_sentence = true});
  expect_model_error(open_encoder(folder, {}), ErrorCode::unsupported, "sentence_embedding");
}

TEST(ExportedGraph, ChecksItsWidthAgainstTheConfiguration) {
  const TemporaryFolder temporary;
  const auto folder = write_export(temporary, {});
  change_json(folder / "config.json", {{"hidden_size", 32}});
  expect_model_error(open_encoder(folder, {}), ErrorCode::schema, "width 32");
}

}  // namespace
}  // namespace topograph
