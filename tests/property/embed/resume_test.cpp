// An interrupted run that is continued: the same bits, and no block is computed twice.
#include <cstring>
#include <string>

#include "topograph/embed/embed_blocks.hpp"
#include "topograph/embed/embedding_store.hpp"
#include "unit/embed/counting_embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr TextBlockLimits kLimits{.rows = 7, .bytes = 60};

/// All different, of many lengths, so that blocks end by rows and by bytes.
TextColumn many_texts() {
  TextColumn texts;
  for (int i = 0; i < 120; ++i) {
    const auto length = static_cast<std::size_t>((i * i) % 19);
    texts.push_back(std::to_string(i) + std::string(length, 'x'));
  }
  return texts;
}

Result<EmbedReport> run_blocks(const Embedder& embedder, const fs::path& folder,
                               const TextColumn& texts, MatrixView<float> out) {
  TG_TRY(const auto store, EmbeddingStore::open(embedder, folder));
  RunContext run({.threads = 2});
  return embed_blocks(*store, texts, kLimits, out, run);
}

TEST(Resume, AfterAnyBlockGivesTheSameBitsAndComputesNoBlockTwice) {
  const TextColumn texts = many_texts();
  Matrix<float> expected(texts.size(), 5);
  const CountingEmbedder whole;
  const TemporaryFolder folder;
  const auto report = run_blocks(whole, folder.path() / "whole", texts, expected.view());
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_GT(whole.n_calls, 10);
  for (int n_finished = 0; n_finished <= whole.n_calls; ++n_finished) {
    SCOPED_TRACE(n_finished);
    const fs::path place = folder.path() / std::to_string(n_finished);
    CountingEmbedder embedder;
    embedder.fail_at_call = n_finished;
    Matrix<float> out(texts.size(), 5);
    EXPECT_EQ(run_blocks(embedder, place, texts, out.view()).has_value(),
              n_finished == whole.n_calls);
    embedder.fail_at_call = -1;
    Matrix<float> resumed(texts.size(), 5);
    const auto again = run_blocks(embedder, place, texts, resumed.view());
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(std::memcmp(resumed.data(), expected.data(), expected.size() * sizeof(float)), 0);
    EXPECT_EQ(again->n_tokens, report->n_tokens);
    EXPECT_EQ(again->n_truncated, report->n_truncated);
    for (const auto& [text, times] : embedder.times) EXPECT_EQ(times, 1) << text;
    EXPECT_EQ(embedder.times.size(), texts.size());
  }
}

TEST(Resume, ManyInterruptionsAddUpToOneRun) {
  const TextColumn texts = many_texts();
  const TemporaryFolder folder;
  Matrix<float> expected(texts.size(), 5);
  ASSERT_TRUE(run_blocks(CountingEmbedder(), folder.path() / "whole", texts, expected.view()));
  CountingEmbedder embedder;
  Matrix<float> out(texts.size(), 5);
  int n_runs = 0;
  do {
    embedder.fail_at_call = embedder.n_calls + 1;  // every run finishes one block more
    ASSERT_LT(++n_runs, 100);
  } while (!run_blocks(embedder, folder.path() / "cut", texts, out.view()));
  EXPECT_GT(n_runs, 10);
  EXPECT_EQ(std::memcmp(out.data(), expected.data(), expected.size() * sizeof(float)), 0);
  for (const auto& [text, times] : embedder.times) EXPECT_EQ(times, 1) << text;
}

TEST(Resume, OfARealEncoderGivesTheBitsOfAnUninterruptedRun) {
  TextColumn texts;
  for (int copy = 0; copy < 3; ++copy) {
    const TextColumn golden = golden_texts();
    for (std::size_t i = 0; i < golden.size(); ++i) {
      texts.push_back(std::to_string(copy) + " " + std::string(golden[i]));
    }
  }
  const auto encoder = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const std::size_t dimension = (*encoder)->dimension();
  const auto expected = embed_all(**encoder, texts);
  const TemporaryFolder folder;
  Matrix<float> out(texts.size(), dimension);
  TextColumn half;
  for (std::size_t i = 0; i < texts.size() / 2; ++i) half.push_back(texts[i]);
  ASSERT_TRUE(run_blocks(**encoder, folder.path(), half, out.view().rows(0, half.size())));
  ASSERT_TRUE(run_blocks(**encoder, folder.path(), texts, out.view()));
  EXPECT_EQ(std::memcmp(out.data(), expected.data(), expected.size() * sizeof(float)), 0);
}

}  // namespace
}  // namespace topograph
