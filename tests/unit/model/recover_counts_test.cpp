#include "model/bertopic/recover_counts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using bertopic::recover_counts;
using bertopic::Weights;

Weights weights_of(const Csr<double>& counts, const ClassTfidfOptions& tfidf = {}) {
  Weights weights{.idf = class_idf(counts.view(), tfidf), .tfidf = tfidf};
  weights.rows = class_tfidf(counts.view(), weights.idf, tfidf);
  return weights;
}

/// Counts of words that few topics share, one row multiplied by `factor`.
Csr<double> made_counts(std::size_t n_topics, std::size_t n_terms, double factor) {
  const RandomKey key = random_key(5, "counts");
  Csr<double> counts;
  counts.n_cols = n_terms;
  for (std::size_t c = 0; c < n_topics; ++c) {
    for (std::size_t t = 0; t < n_terms; ++t) {
      if (t % n_topics != c && uniform_below(key, c, t, 4) != 0) continue;
      const auto count = static_cast<double>(1 + uniform_below(key, c, n_terms + t, 40));
      counts.columns.push_back(narrow<std::int32_t>(t));
      counts.values.push_back(c == 1 ? factor * count : count);
    }
    counts.offsets.push_back(narrow<std::int64_t>(counts.columns.size()));
  }
  return counts;
}

TEST(RecoverCounts, FindsTheCountsOfEveryWeighting) {
  // Row 1 could be any multiple by its shares alone: the idf tells which.
  const Csr<double> counts = made_counts(12, 300, 50);
  const std::vector<std::int64_t> sizes(12, 7);
  for (const bool bm25 : {false, true}) {
    for (const bool root : {false, true}) {
      const auto found = recover_counts(
          weights_of(counts, {.bm25_weighting = bm25, .reduce_frequent_words = root}), sizes);
      EXPECT_TRUE(found.is_exact) << bm25 << root;
      EXPECT_EQ(found.counts.values, counts.values);
      EXPECT_EQ(found.counts.columns, counts.columns);
    }
  }
}

TEST(RecoverCounts, KeepsTheWeightsWhereCountsCannotBeKnown) {
  const Csr<double> counts = made_counts(4, 60, 1);
  Weights weights = weights_of(counts);
  for (std::size_t t = 0; t < 3; ++t) weights.idf[t] *= 2;  // seed words
  weights.rows = class_tfidf(counts.view(), weights.idf, {});
  const std::vector<std::int64_t> sizes{10, 20, 30, 0};
  const auto found = recover_counts(weights, sizes);
  EXPECT_FALSE(found.is_exact);
  const Csr<double> rows = class_tfidf(found.counts.view(), weights.idf, {});
  ASSERT_EQ(rows.values.size(), weights.rows.values.size());
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    EXPECT_NEAR(rows.values[i], weights.rows.values[i], 1e-12);
  }
  double sum = 0;
  for (std::size_t i = idx(found.counts.offsets[1]); i < idx(found.counts.offsets[2]); ++i) {
    sum += found.counts.values[i];
  }
  EXPECT_NEAR(sum, 20, 1e-9);  // as many as it has documents
}

TEST(RecoverCounts, TopicsOfTheSameSharesGetTheRightSum) {
  // Nothing tells which of the first two topics is the larger one.
  const Csr<double> counts{{0, 2, 4, 5}, {0, 1, 0, 1, 2}, {1, 2, 3, 6, 5}, 3};
  const auto found = recover_counts(weights_of(counts), std::vector<std::int64_t>{1, 3, 5});
  ASSERT_EQ(found.counts.values.size(), 5U);
  EXPECT_TRUE(found.is_exact);
  EXPECT_EQ(found.counts.values[0] + found.counts.values[2], 4);
  EXPECT_EQ(found.counts.values[1] + found.counts.values[3], 8);
  EXPECT_EQ(found.counts.values[4], 5);
}

TEST(RecoverCounts, KnowsNoTerms) {
  Weights weights;
  weights.rows.offsets = {0, 0};
  const auto found = recover_counts(weights, std::vector<std::int64_t>{4});
  EXPECT_FALSE(found.is_exact);
  EXPECT_EQ(found.counts.rows(), 1U);
}

}  // namespace
}  // namespace topograph
