#include "topograph/embed/distill.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/tokenize/tokenizer.hpp"
#include "unit/embed/fixture.hpp"

// Peer: model2vec (tools/reference/embed_golden.py).
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

double difference_to_peer(const std::string& name) {
  const auto model = open_static(kData / ("static-" + name), {});
  EXPECT_TRUE(model) << to_string(model.error());
  if (!model) return HUGE_VAL;
  return largest_difference(embed_all(**model, golden_texts(), 2),
                            golden_matrix("static_expected.safetensors", name));
}

TEST(StaticGolden, EncodesFloatModelsAsThePeer) { EXPECT_LE(difference_to_peer("f32"), 1e-6); }

TEST(StaticGolden, EncodesByteModelsAsThePeer) { EXPECT_LE(difference_to_peer("i8"), 2e-5); }

TEST(StaticGolden, EncodesHalfModelsToThePeersRounding) {
  EXPECT_LE(difference_to_peer("f16"), 2e-3);
}

TEST(StaticGolden, FollowsTheMappingAndWeightsOfQuantisedVocabularies) {
  EXPECT_LE(difference_to_peer("mapped"), 1e-6);
}

TEST(StaticGolden, ReadsTheNestedLayout) { EXPECT_LE(difference_to_peer("nested"), 1e-6); }

TEST(DistillGolden, GivesThePeersVectorsAndTokens) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 2});
  const auto target = temporary.path() / "small";
  ASSERT_TRUE(distill_static(kData / "tiny-bert", target,
                             {.dimension = 8, .dtype = VectorDType::f32}, run));
  const auto vectors = ArrayFile::open(target / "model.safetensors")->matrix("embeddings");
  ASSERT_TRUE(vectors) << to_string(vectors.error());
  EXPECT_LE(
      largest_difference(*vectors, golden_matrix("distilled_expected.safetensors", "vectors")),
      2e-5);
  const auto tokenizer = Tokenizer::load(target / "tokenizer.json");
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  const auto tokens = nlohmann::json::parse(read_text(kData / "distilled_tokens.json"));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    EXPECT_EQ(tokenizer->token(static_cast<std::int32_t>(i)), tokens[i].get<std::string>());
  }
}

}  // namespace
}  // namespace topograph
