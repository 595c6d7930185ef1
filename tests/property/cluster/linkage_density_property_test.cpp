#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "topograph/cluster/agglomerative.hpp"
#include "topograph/cluster/dbscan.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

constexpr std::array kMethods = {LinkageMethod::ward, LinkageMethod::average,
                                 LinkageMethod::complete, LinkageMethod::single};

Matrix<float> blobs(std::uint64_t seed, std::size_t n) {
  const RandomKey key = random_key(seed, "test.linkage");
  Matrix<float> x(n, 3);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t c = 0; c < 3; ++c) {
      x[row, c] = static_cast<float>(9 * uniform(key, n + row % 6, c) + normal(key, row, c));
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

TEST(LinkageProperty, ThreadsDoNotChangeABit) {
  const auto x = blobs(1, 500);
  for (const LinkageMethod method : kMethods) {
    RunContext one({.threads = 1});
    const auto expected = linkage_tree(x.view(), {}, method, one);
    ASSERT_TRUE(expected);
    for (const int threads : {2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto found = linkage_tree(x.view(), {}, method, run);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->left, expected->left);
      EXPECT_EQ(found->right, expected->right);
      EXPECT_EQ(found->height, expected->height);
    }
  }
}

TEST(LinkageProperty, ACopyIsAWeight) {
  const auto x = blobs(2, 150);
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> weights;
  for (std::int32_t i = 0; i < 150; ++i) {
    weights.push_back(1 + i % 3);
    rows.insert(rows.end(), idx(weights.back()), i);
  }
  const auto copies = rows_of(x, rows);
  RunContext run;
  for (const LinkageMethod method : kMethods) {
    SCOPED_TRACE(enum_name(method));
    const AgglomerativeOptions options{.n_clusters = 7, .linkage = method};
    const auto a = agglomerative(x.view(), weights, options, run);
    const auto b = agglomerative(copies.view(), {}, options, run);
    ASSERT_TRUE(a && b);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(b->clusters.labels[i], a->clusters.labels[idx(rows[i])]);
    }
    EXPECT_NEAR(a->linkage.height.back(), b->linkage.height.back(), 1e-6);
  }
}

TEST(LinkageProperty, OrderOfRowsDoesNotMatter) {
  const auto x = blobs(3, 200);
  const auto order = random_permutation(random_key(1, "test.order"), x.rows());
  RunContext run;
  for (const LinkageMethod method : kMethods) {
    const AgglomerativeOptions options{.n_clusters = 5, .linkage = method};
    const auto a = agglomerative(x.view(), {}, options, run);
    const auto b = agglomerative(rows_of(x, order).view(), {}, options, run);
    ASSERT_TRUE(a && b);
    for (std::size_t i = 1; i < order.size(); ++i) {
      EXPECT_EQ(b->clusters.labels[i] == b->clusters.labels[0],
                a->clusters.labels[idx(order[i])] == a->clusters.labels[idx(order[0])]);
    }
  }
}

// A power of two changes no rounding.
Matrix<float> scaled(Matrix<float> x, float factor) {
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] *= factor;
  return x;
}

TEST(LinkageProperty, ScalingTheRowsScalesTheHeights) {
  const auto x = blobs(6, 200);
  RunContext run;
  for (const LinkageMethod method : kMethods) {
    const auto a = linkage_tree(x.view(), {}, method, run);
    const auto b = linkage_tree(scaled(x, 8).view(), {}, method, run);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(b->left, a->left);
    EXPECT_EQ(b->right, a->right);
    for (std::size_t i = 0; i < a->height.size(); ++i) EXPECT_EQ(b->height[i], 8 * a->height[i]);
  }
}

TEST(DbscanProperty, ScalingRowsAndEpsChangesNoLabel) {
  const auto x = blobs(7, 900);
  RunContext run;
  const auto a = dbscan(x.view(), {}, {.eps = 0.5, .min_samples = 6}, run);
  const auto b = dbscan(scaled(x, 0.25F).view(), {}, {.eps = 0.125, .min_samples = 6}, run);
  ASSERT_TRUE(a && b);
  EXPECT_GT(a->clusters.n_clusters, 1);
  EXPECT_EQ(b->clusters.labels, a->clusters.labels);
}

TEST(DbscanProperty, ThreadsAndCompanyDoNotChangeABit) {
  const auto x = blobs(4, 12000);  // more than one wave
  const DbscanOptions options{.eps = 0.25, .min_samples = 6};
  RunContext one({.threads = 1});
  const auto expected = dbscan(x.view(), {}, options, one);
  ASSERT_TRUE(expected);
  EXPECT_GT(expected->clusters.n_clusters, 3);
  const auto fresh = blobs(5, 300);
  const auto all = dbscan_predict(*expected, x.view(), {}, fresh.view(), options, one);
  ASSERT_TRUE(all);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto found = dbscan(x.view(), {}, options, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->clusters.labels, expected->clusters.labels);
    EXPECT_EQ(found->clusters.strength, expected->clusters.strength);
    const auto part = dbscan_predict(*found, x.view(), {}, fresh.view().rows(17, 42), options, run);
    ASSERT_TRUE(part);
    for (std::size_t i = 0; i < 25; ++i) EXPECT_EQ(part->labels[i], all->labels[17 + i]);
  }
}

TEST(DbscanProperty, ACopyIsAWeight) {
  const auto x = blobs(6, 600);
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> weights;
  for (std::int32_t i = 0; i < 600; ++i) {
    weights.push_back(1 + i % 3);
    rows.insert(rows.end(), idx(weights.back()), i);
  }
  RunContext run;
  const DbscanOptions options{.eps = 0.6, .min_samples = 12};
  const auto a = dbscan(x.view(), weights, options, run);
  const auto b = dbscan(rows_of(x, rows).view(), {}, options, run);
  ASSERT_TRUE(a && b);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(b->clusters.labels[i], a->clusters.labels[idx(rows[i])]);
    EXPECT_EQ(b->clusters.strength[i], a->clusters.strength[idx(rows[i])]);
  }
}

}  // namespace
}  // namespace topograph
