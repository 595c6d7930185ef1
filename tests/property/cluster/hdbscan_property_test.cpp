#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "kernels/kernels.hpp"
#include "property/cluster/blobs.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing_data::blobs;

void expect_equal(const HdbscanResult& a, const HdbscanResult& b) {
  EXPECT_EQ(a.core_distances, b.core_distances);
  EXPECT_EQ(a.tree.from, b.tree.from);
  EXPECT_EQ(a.tree.to, b.tree.to);
  EXPECT_EQ(a.tree.distance, b.tree.distance);
  EXPECT_EQ(a.condensed.lambda, b.condensed.lambda);
  EXPECT_EQ(a.clusters.labels, b.clusters.labels);
  EXPECT_EQ(a.clusters.strength, b.clusters.strength);
  EXPECT_EQ(a.clusters.persistence, b.clusters.persistence);
  EXPECT_EQ(a.outlier_scores, b.outlier_scores);
}

TEST(HdbscanProperty, ThreadsDoNotChangeABit) {
  struct Shape {
    std::size_t n;
    std::size_t dims;
    float step;
  };
  for (const Shape& shape : {Shape{5000, 4, 0.0F}, Shape{3000, 2, 0.5F}, Shape{2600, 24, 0.0F}}) {
    SCOPED_TRACE(shape.dims);
    const Matrix<float> x = blobs(1, shape.n, shape.dims, shape.step);
    RunContext one({.threads = 1});
    const auto expected = hdbscan(x.view(), {}, {.min_cluster_size = 15}, one);
    ASSERT_TRUE(expected);
    const auto predicted = hdbscan_predict(*expected, x.view(), blobs(2, 500, shape.dims).view(),
                                           {.min_cluster_size = 15}, one);
    ASSERT_TRUE(predicted);
    for (const int threads : {2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto found = hdbscan(x.view(), {}, {.min_cluster_size = 15}, run);
      ASSERT_TRUE(found);
      expect_equal(*expected, *found);
      const auto again = hdbscan_predict(*found, x.view(), blobs(2, 500, shape.dims).view(),
                                         {.min_cluster_size = 15}, run);
      ASSERT_TRUE(again);
      EXPECT_EQ(predicted->labels, again->labels);
      EXPECT_EQ(predicted->strength, again->strength);
    }
  }
}

/// The tree by its definition: Prim's algorithm with ties by (distance, smaller id, larger id).
SpanningTree plain_tree(const Matrix<float>& x, const std::vector<double>& core, double alpha) {
  struct Edge {
    double weight;
    std::int32_t low;
    std::int32_t high;
    auto operator<=>(const Edge&) const = default;
  };
  const auto edge = [&](std::size_t a, std::size_t b) {
    double squared = 0;
    for (std::size_t c = 0; c < x.cols(); ++c) {
      const double d = static_cast<double>(x[a, c]) - static_cast<double>(x[b, c]);
      squared += d * d;
    }
    // Rows with many columns are measured in the order of the kernels.
    if (x.cols() > 20) {
      squared = kernels::active().squared_distance(x.row(a).data(), x.row(b).data(), x.cols());
    }
    const double weight = std::max({core[a], core[b], std::sqrt(squared) / alpha});
    return Edge{weight, narrow<std::int32_t>(std::min(a, b)), narrow<std::int32_t>(std::max(a, b))};
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Edge> least(x.rows(), Edge{kInfinity, 0, 0});
  std::vector<bool> is_inside(x.rows(), false);
  std::vector<Edge> edges;
  std::size_t added = 0;
  while (edges.size() + 1 < x.rows()) {
    is_inside[added] = true;
    std::size_t next = x.rows();
    for (std::size_t p = 0; p < x.rows(); ++p) {
      if (is_inside[p]) continue;
      least[p] = std::min(least[p], edge(added, p));
      if (next == x.rows() || least[p] < least[next]) next = p;
    }
    edges.push_back(least[next]);
    added = next;
  }
  std::sort(edges.begin(), edges.end());
  SpanningTree tree;
  for (const Edge& e : edges) {
    tree.from.push_back(e.low);
    tree.to.push_back(e.high);
    tree.distance.push_back(e.weight);
  }
  return tree;
}

TEST(HdbscanProperty, TheSpanningTreeIsTheOneOfItsDefinition) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const std::size_t dims = seed % 4 == 3 ? 22 : 1 + seed % 5;
    const float step = seed % 2 == 0 ? 0.0F : 1.0F;
    const Matrix<float> x = blobs(seed, 500, dims, step);
    RunContext run({.threads = 2});
    const auto core = core_distances(x.view(), {}, 1 + narrow<int>(seed % 7), run);
    ASSERT_TRUE(core);
    const double alpha = seed % 3 == 0 ? 1.0 : 1.3;
    const auto tree = mutual_reachability_tree(x.view(), *core, alpha, run);
    ASSERT_TRUE(tree);
    const SpanningTree expected = plain_tree(x, *core, alpha);
    EXPECT_EQ(tree->distance, expected.distance);
    EXPECT_EQ(tree->from, expected.from);
    EXPECT_EQ(tree->to, expected.to);
  }
}

/// Number of points whose label differs once labels are matched by what they share most.
std::size_t n_label_changes(const std::vector<std::int32_t>& a,
                            const std::vector<std::int32_t>& b) {
  std::size_t n_changed = 0;
  for (const std::int32_t label : std::set<std::int32_t>(a.begin(), a.end())) {
    std::vector<std::size_t> count(a.size() + 1, 0);
    std::size_t n_members = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] != label) continue;
      ++n_members;
      ++count[idx(b[i] + 1)];
    }
    n_changed +=
        n_members - (label < 0 ? count[0] : *std::max_element(count.begin() + 1, count.end()));
  }
  return n_changed;
}

TEST(HdbscanProperty, PermutedRowsGetTheirLabelsBack) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Matrix<float> x = blobs(seed, 1200, 3);
    const auto order = random_permutation(random_key(seed, "test.order"), x.rows());
    Matrix<float> permuted(x.rows(), x.cols());
    for (std::size_t row = 0; row < x.rows(); ++row) {
      std::copy_n(x.row(idx(order[row])).begin(), x.cols(), permuted.row(row).begin());
    }
    RunContext run;
    const auto plain = hdbscan(x.view(), {}, {.min_cluster_size = 20}, run);
    const auto shuffled = hdbscan(permuted.view(), {}, {.min_cluster_size = 20}, run);
    ASSERT_TRUE(plain && shuffled);
    EXPECT_GE(plain->clusters.n_clusters, 3);
    EXPECT_EQ(plain->clusters.n_clusters, shuffled->clusters.n_clusters);
    EXPECT_EQ(plain->tree.distance, shuffled->tree.distance);
    std::vector<std::int32_t> back(x.rows());
    for (std::size_t row = 0; row < x.rows(); ++row) {
      back[idx(order[row])] = shuffled->clusters.labels[row];
    }
    // One point a split may change sides: the one whose own core distance joins both.
    EXPECT_LE(n_label_changes(plain->clusters.labels, back), 6U);
  }
}

TEST(HdbscanProperty, WeightsActAsCopies) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const RandomKey key = random_key(seed, "test.weights");
    const Matrix<float> x = blobs(seed, 700, seed % 2 == 0 ? 3 : 24);
    std::vector<std::int32_t> weights(x.rows());
    std::vector<std::size_t> source;
    for (std::size_t row = 0; row < x.rows(); ++row) {
      weights[row] = row % 11 == 0 ? 1 + narrow<std::int32_t>(uniform_below(key, row, 0, 9)) : 1;
      if (row == 70) weights[row] = 60;
      source.insert(source.end(), idx(weights[row]), row);
    }
    Matrix<float> copied(source.size(), x.cols());
    for (std::size_t i = 0; i < source.size(); ++i) {
      std::copy_n(x.row(source[i]).begin(), x.cols(), copied.row(i).begin());
    }
    const HdbscanOptions options{.min_cluster_size = 25, .min_samples = 5};
    RunContext run;
    const auto folded = hdbscan(x.view(), weights, options, run);
    const auto unfolded = hdbscan(copied.view(), {}, options, run);
    ASSERT_TRUE(folded && unfolded);
    EXPECT_EQ(folded->clusters.n_clusters, unfolded->clusters.n_clusters);
    std::vector<std::int32_t> labels;
    for (std::size_t i = 0; i < source.size(); ++i) {
      labels.push_back(folded->clusters.labels[source[i]]);
      EXPECT_EQ(folded->core_distances[source[i]], unfolded->core_distances[i]);
    }
    EXPECT_LE(n_label_changes(labels, unfolded->clusters.labels), 6U);
  }
}

TEST(HdbscanProperty, ANewPointDoesNotDependOnItsBatch) {
  const Matrix<float> x = blobs(3, 1500, 3);
  const Matrix<float> fresh = blobs(4, 300, 3);
  RunContext run({.threads = 3});
  const auto fitted = hdbscan(x.view(), {}, {.min_cluster_size = 20}, run);
  ASSERT_TRUE(fitted);
  const auto whole =
      hdbscan_predict(*fitted, x.view(), fresh.view(), {.min_cluster_size = 20}, run);
  ASSERT_TRUE(whole);
  for (std::size_t row = 0; row < fresh.rows(); row += 17) {
    const auto alone = hdbscan_predict(*fitted, x.view(), fresh.view().rows(row, row + 1),
                                       {.min_cluster_size = 20}, run);
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->labels[0], whole->labels[row]);
    EXPECT_EQ(alone->strength[0], whole->strength[row]);
  }
}

}  // namespace
}  // namespace topograph
