// Models that grow: what a batch does depends on its documents, not on threads or on their order.
#include "topograph/model/partial_fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "property/model/stored_bytes.hpp"
#include "topograph/core/random.hpp"
#include "unit/model/subjects.hpp"

namespace topograph {
namespace {

using subjects::Corpus;
using subjects::counted;
using subjects::make_corpus;
using subjects::stored_bytes;

Result<TopicModel> fit(const Corpus& corpus, RunContext& run,
                       ClusterMethod method = ClusterMethod::communities) {
  FitOptions options;
  options.cluster.method = method;
  options.communities.resolution = 0.5;  // The subjects are the topics.
  options.store.memberships = 3;
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
}

PartialFit grow(TopicModel& model, const TextColumn& known, const Corpus& batch, RunContext& run,
                const OnlineOptions& options = {}) {
  const auto done =
      model.partial_fit(known, batch.texts, nullptr, batch.vectors.view(), options, run);
  EXPECT_TRUE(done) << to_string(done.error());
  return done ? *done : PartialFit{};
}

Corpus taken(const Corpus& corpus, const std::vector<std::size_t>& rows) {
  Corpus some{{}, Matrix<float>(rows.size(), subjects::kDimension), {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    some.texts.push_back(corpus.texts[rows[i]]);
    some.labels.push_back(corpus.labels[rows[i]]);
    std::ranges::copy(corpus.vectors.view().row(rows[i]), some.vectors.row(i).begin());
  }
  return some;
}

TEST(PartialFitProperty, AnyNumberOfThreadsGivesTheSameModel) {
  const Corpus corpus = make_corpus(150, {0, 1, 2}, 4);
  const Corpus batch = make_corpus(80, {0, 3, 1, 3}, 5);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    std::string expected;
    for (const int threads : {1, 2, 3, 7}) {
      SCOPED_TRACE(std::string(enum_name(method)) + ", threads " + std::to_string(threads));
      RunContext run({.threads = threads});
      auto model = fit(corpus, run, method);
      ASSERT_TRUE(model) << to_string(model.error());
      EXPECT_EQ(grow(*model, corpus.texts, batch, run).n_opened, 1);
      const std::string bytes = stored_bytes(*model, "grown");
      if (threads == 1) expected = bytes;
      EXPECT_TRUE(bytes == expected);
    }
  }
}

TEST(PartialFitProperty, TheOrderOfABatchDoesNotMatter) {
  const Corpus corpus = make_corpus(150, {0, 1, 2}, 4);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Corpus batch = make_corpus(60, {0, 3, 1, 3}, 10 + seed);
    const auto order = sample_without_replacement(random_key(seed, "order"), 60, 60);
    std::vector<std::size_t> rows;
    for (const std::int32_t row : order) rows.push_back(idx(row));
    if (std::ranges::is_sorted(rows)) std::ranges::reverse(rows);
    RunContext run({.threads = 2});
    auto one = fit(corpus, run);
    auto other = fit(corpus, run);
    ASSERT_TRUE(one);
    ASSERT_TRUE(other);
    const PartialFit done = grow(*one, corpus.texts, batch, run);
    EXPECT_EQ(grow(*other, corpus.texts, taken(batch, rows), run).n_opened, done.n_opened);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(other->documents().topics[150 + i], one->documents().topics[150 + rows[i]]);
    }
    EXPECT_EQ(counted(other->description()), counted(one->description())) << "seed " << seed;
  }
}

TEST(PartialFitProperty, BatchesAddUp) {
  const Corpus corpus = make_corpus(150, {0, 1, 2}, 4);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    // Known subjects: where a document goes does not hang on who came with it.
    const Corpus batch = make_corpus(60, {0, 1, 2}, 20 + seed);
    std::vector<std::size_t> first(30);
    std::iota(first.begin(), first.end(), 0U);
    std::vector<std::size_t> second(30);
    std::iota(second.begin(), second.end(), 30U);
    RunContext run({.threads = 2});
    auto at_once = fit(corpus, run);
    auto in_two = fit(corpus, run);
    ASSERT_TRUE(at_once);
    ASSERT_TRUE(in_two);
    ASSERT_EQ(in_two->facts().n_topics, 3);
    grow(*at_once, corpus.texts, batch, run, {.far = 0});
    const Corpus half = taken(batch, first);
    grow(*in_two, corpus.texts, half, run, {.far = 0});
    grow(*in_two, subjects::joined(corpus, half).texts, taken(batch, second), run, {.far = 0});
    EXPECT_EQ(in_two->documents().topics, at_once->documents().topics) << "seed " << seed;
    EXPECT_EQ(counted(in_two->description()), counted(at_once->description()));
  }
}

TEST(PartialFitProperty, NothingThatWasThereMoves) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Corpus corpus = make_corpus(150, {0, 1, 2}, seed);
    RunContext run({.threads = 2});
    auto model = fit(corpus, run);
    ASSERT_TRUE(model);
    const DocumentTopics before = model->documents();
    grow(*model, corpus.texts, make_corpus(50, {3, 4, 0}, 30 + seed), run);
    for (std::size_t i = 0; i < 150; ++i) {
      EXPECT_EQ(model->documents().topics[i], before.topics[i]);
      EXPECT_EQ(model->documents().positions.row(i)[0], before.positions.row(i)[0]);
    }
  }
}

}  // namespace
}  // namespace topograph
