#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

// Peer: sentence-transformers on the same random weights (tools/reference/embed_golden.py).
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr double kClose = 2e-5;

double difference_to_peer(const fs::path& folder, EmbedOptions options,
                          const std::string& expected) {
  options.precision = Precision::f32;
  const auto encoder = open_encoder(folder, options);
  EXPECT_TRUE(encoder) << to_string(encoder.error());
  if (!encoder) return HUGE_VAL;
  return largest_difference(embed_all(**encoder, golden_texts(), 2),
                            golden_matrix("encoder_expected.safetensors", expected));
}

TEST(EncoderGolden, PoolsTheMeanWithoutSentenceTransformersFiles) {
  EXPECT_LE(difference_to_peer(kData / "tiny-bert", {}, "mean"), kClose);
}

TEST(EncoderGolden, PoolsInEveryWayThatThePeerKnows) {
  for (const char* mode :
       {"mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"}) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("tiny-bert");
    set_pooling(folder, {{"pooling_mode", mode}}, false);
    EXPECT_LE(difference_to_peer(folder, {}, mode), kClose) << mode;
  }
}

TEST(EncoderGolden, ConcatenatesSeveralPoolingsOfOlderFolders) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  set_pooling(folder, {{"pooling_mode_max_tokens", true}, {"pooling_mode_cls_token", true}}, false);
  EXPECT_LE(difference_to_peer(folder, {}, "cls+max"), kClose);
}

TEST(EncoderGolden, ScalesToUnitLengthWhenAModuleSaysSo) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  set_pooling(folder, {{"pooling_mode_mean_tokens", true}}, true);
  EXPECT_LE(difference_to_peer(folder, {}, "mean_normalized"), kClose);
}

TEST(EncoderGolden, CutsTextsAtTheLimitOfTheOptionOrTheFolder) {
  EXPECT_LE(difference_to_peer(kData / "tiny-bert", {.max_length = 8}, "mean_length_8"), kClose);
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  write_text(folder / "sentence_bert_config.json", R"({"max_seq_length": 8})");
  EXPECT_LE(difference_to_peer(folder, {}, "mean_length_8"), kClose);
}

TEST(EncoderGolden, ComputesTheOtherActivations) {
  for (const char* name : {"gelu_new", "relu"}) {
    const TemporaryFolder temporary;
    const auto folder = temporary.copy_of("tiny-bert");
    change_json(folder / "config.json", {{"hidden_act", name}});
    EXPECT_LE(difference_to_peer(folder, {}, std::string("mean_") + name), kClose) << name;
  }
}

TEST(EncoderGolden, GivesThePeersVectorsWithTheRealEncoder) {
  const fs::path folder = TG_ENCODER_DIR;
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder;
  const auto encoder = open_encoder(folder, {.precision = Precision::f32});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  EXPECT_LE(largest_difference(embed_all(**encoder, golden_texts(), 2),
                               golden_matrix("real_expected.safetensors", "all-MiniLM-L6-v2")),
            kClose);
}

}  // namespace
}  // namespace topograph
