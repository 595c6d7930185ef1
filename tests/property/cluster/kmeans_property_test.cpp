#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

Matrix<float> blobs(std::uint64_t seed, std::size_t n, std::size_t dims) {
  const RandomKey key = random_key(seed, "test.kmeans");
  Matrix<float> x(n, dims);
  for (std::size_t row = 0; row < n; ++row) {
    const std::uint64_t blob = uniform_below(key, row, 1000, 9);
    for (std::size_t c = 0; c < dims; ++c) {
      const double center = 6 * uniform(key, n + blob, c);
      x[row, c] = static_cast<float>(center + normal(key, row, c));
    }
  }
  return x;
}

Matrix<float> rows_of(const Matrix<float>& x, const std::vector<std::int32_t>& rows) {
  Matrix<float> out(rows.size(), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(x.view().row(idx(rows[i])), out.row(i).begin());
  }
  return out;
}

Matrix<float> first_rows(const Matrix<float>& x, std::size_t k) {
  std::vector<std::int32_t> rows(k);
  for (std::size_t i = 0; i < k; ++i) rows[i] = narrow<std::int32_t>(i);
  return rows_of(x, rows);
}

void expect_equal(const KMeansResult& a, const KMeansResult& b) {
  EXPECT_EQ(a.clusters.labels, b.clusters.labels);
  EXPECT_EQ(a.clusters.strength, b.clusters.strength);
  EXPECT_EQ(a.inertia, b.inertia);
  ASSERT_EQ(a.centers.rows(), b.centers.rows());
  for (std::size_t c = 0; c < a.centers.rows(); ++c) {
    EXPECT_THAT(a.centers.row(c), testing::ElementsAreArray(b.centers.row(c)));
  }
}

TEST(KMeansProperty, ThreadsDoNotChangeABit) {
  for (const std::size_t dims : {3U, 150U}) {
    const auto x = blobs(1, 6000, dims);
    const KMeansOptions options{.n_clusters = 19, .n_init = 2};
    RunContext one({.threads = 1});
    const auto expected = kmeans(x.view(), {}, {}, options, one);
    ASSERT_TRUE(expected);
    for (const int threads : {2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto found = kmeans(x.view(), {}, {}, options, run);
      ASSERT_TRUE(found);
      expect_equal(*found, *expected);
    }
  }
}

TEST(KMeansProperty, ScalingByAPowerOfTwoChangesNoLabel) {
  const auto x = blobs(6, 2000, 5);
  auto scaled = x;
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled.data()[i] *= 16;
  RunContext run;
  const auto a = kmeans(x.view(), {}, {}, {.n_clusters = 9}, run);
  const auto b = kmeans(scaled.view(), {}, {}, {.n_clusters = 9}, run);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(b->clusters.labels, a->clusters.labels);
  EXPECT_EQ(b->inertia, 256 * a->inertia);
}

TEST(KMeansProperty, LabelsAreTheNearestOfTheFinalCenters) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    SCOPED_TRACE(seed);
    const auto x = blobs(seed, 3000, 7);
    RunContext run({.seed = seed});
    const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 15}, run);
    ASSERT_TRUE(found);
    for (std::size_t row = 0; row < x.rows(); ++row) {
      double least = 1e30;
      std::int32_t nearest = -1;
      for (std::size_t c = 0; c < found->centers.rows(); ++c) {
        double squared = 0;
        for (std::size_t t = 0; t < x.cols(); ++t) {
          const double gap =
              static_cast<double>(x[row, t]) - static_cast<double>(found->centers[c, t]);
          squared += gap * gap;
        }
        if (squared < least) {
          least = squared;
          nearest = narrow<std::int32_t>(c);
        }
      }
      ASSERT_EQ(found->clusters.labels[row], nearest);
    }
  }
}

TEST(KMeansProperty, OrderOfRowsDoesNotMatterFromGivenStarts) {
  const auto x = blobs(7, 2000, 5);
  const auto starts = first_rows(x, 9);
  const auto order = random_permutation(random_key(1, "test.order"), x.rows());
  const auto shuffled = rows_of(x, order);
  RunContext run;
  const auto a = kmeans(x.view(), {}, starts.view(), {.tol = 0}, run);
  const auto b = kmeans(shuffled.view(), {}, starts.view(), {.tol = 0}, run);
  ASSERT_TRUE(a && b);
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(b->clusters.labels[i], a->clusters.labels[idx(order[i])]);
  }
  EXPECT_NEAR(a->inertia, b->inertia, 1e-9 * a->inertia);
}

TEST(KMeansProperty, ACopyIsAWeight) {
  const auto x = blobs(8, 1500, 4);
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> weights(x.rows(), 1);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    weights[i] = 1 + static_cast<std::int32_t>(i % 3);
    rows.insert(rows.end(), idx(weights[i]), narrow<std::int32_t>(i));
  }
  const auto copies = rows_of(x, rows);
  const auto starts = first_rows(x, 9);
  RunContext run;
  const auto weighted = kmeans(x.view(), weights, starts.view(), {}, run);
  const auto copied = kmeans(copies.view(), {}, starts.view(), {}, run);
  ASSERT_TRUE(weighted && copied);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(copied->clusters.labels[i], weighted->clusters.labels[idx(rows[i])]);
  }
  EXPECT_NEAR(copied->inertia, weighted->inertia, 1e-6 * weighted->inertia);
  EXPECT_EQ(copied->n_iter, weighted->n_iter);
}

TEST(KMeansProperty, ARowIsPredictedTheSameInAnyCompany) {
  const auto x = blobs(9, 700, 33);
  RunContext run;
  const auto fitted = kmeans(x.view(), {}, {}, {.n_clusters = 21}, run);
  ASSERT_TRUE(fitted);
  const auto all = predict_centers(fitted->centers.view(), x.view(), false, run);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->labels, fitted->clusters.labels);
  EXPECT_EQ(all->strength, fitted->clusters.strength);
  for (const std::size_t row : {0U, 5U, 311U, 699U}) {
    const auto one =
        predict_centers(fitted->centers.view(), x.view().rows(row, row + 1), false, run);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->labels[0], all->labels[row]);
    EXPECT_EQ(one->strength[0], all->strength[row]);
    EXPECT_EQ(one->distance[0], all->distance[row]);
  }
}

}  // namespace
}  // namespace topograph
