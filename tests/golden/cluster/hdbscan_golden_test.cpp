#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/run_context.hpp"

// Data and expectations from hdbscan 0.8.44 (tools/reference/cluster_golden.py).
namespace topograph {
namespace {

struct Case {
  std::string name;
  HdbscanOptions options;
};

std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.name; }

class HdbscanGolden : public testing::TestWithParam<Case> {
 protected:
  HdbscanGolden()
      : file_(ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "cluster" /
                              ("hdbscan_" + GetParam().name + ".safetensors"))) {}

  void SetUp() override { ASSERT_TRUE(file_) << to_string(file_.error()); }
  template <class T>
  static T must(Result<T> result) {
    EXPECT_TRUE(result) << to_string(result.error());
    return *std::move(result);
  }
  std::vector<std::int32_t> ints(const char* name) { return must(file_->int32s(name)); }
  std::vector<std::int64_t> longs(const char* name) { return must(file_->int64s(name)); }
  std::vector<double> doubles(const char* name) { return must(file_->doubles(name)); }
  Matrix<float> points() { return must(file_->matrix("points")); }

  SpanningTree peer_tree() {
    return {ints("tree_from"), ints("tree_to"), doubles("tree_distance")};
  }
  CondensedTree peer_condensed() {
    return {ints("parent"), ints("child"), doubles("lambda"), longs("child_size"),
            static_cast<std::int32_t>(points().rows())};
  }
  /// Everything from the peer's spanning tree on: ties cannot make a difference.
  HdbscanResult fit_from_peer_tree() {
    RunContext run;
    HdbscanResult result;
    result.tree = peer_tree();
    result.linkage = link_spanning_tree(result.tree, {});
    const HdbscanOptions& options = GetParam().options;
    const int min_samples = options.min_samples.value_or(options.min_cluster_size);
    result.core_distances = must(core_distances(points().view(), {}, min_samples, run));
    static_cast<HdbscanCut&>(result) = must(hdbscan_cut(result, {}, options, run));
    return result;
  }
  /// The peer numbers clusters by ascending condensed-tree id.
  static std::vector<std::int32_t> in_peer_order(const HdbscanResult& ours,
                                                 const std::vector<std::int32_t>& labels) {
    std::vector<std::int32_t> sorted = ours.selected;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::int32_t> result;
    for (const std::int32_t label : labels) {
      if (label < 0) {
        result.push_back(-1);
        continue;
      }
      const auto at =
          std::find(sorted.begin(), sorted.end(), ours.selected[static_cast<std::size_t>(label)]);
      result.push_back(static_cast<std::int32_t>(at - sorted.begin()));
    }
    return result;
  }

  Result<ArrayFile> file_;
};

double adjusted_rand_index(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b) {
  std::map<std::pair<int, int>, double> cells;
  std::map<int, double> rows;
  std::map<int, double> columns;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++cells[{a[i], b[i]}];
    ++rows[a[i]];
    ++columns[b[i]];
  }
  const auto pairs = [](const auto& counts) {
    double sum = 0;
    for (const auto& [key, count] : counts) sum += count * (count - 1) / 2;
    return sum;
  };
  const auto n = static_cast<double>(a.size());
  const double expected = pairs(rows) * pairs(columns) / (n * (n - 1) / 2);
  const double largest = (pairs(rows) + pairs(columns)) / 2;
  return largest == expected ? 1 : (pairs(cells) - expected) / (largest - expected);
}

TEST_P(HdbscanGolden, LinksThePeersSpanningTreeAsThePeer) {
  const Linkage ours = link_spanning_tree(peer_tree(), {});
  EXPECT_EQ(ours.left, ints("left"));
  EXPECT_EQ(ours.right, ints("right"));
  EXPECT_EQ(ours.height, doubles("height"));
  EXPECT_EQ(ours.size, longs("size"));
}

TEST_P(HdbscanGolden, CondensesThePeersSpanningTreeAsThePeer) {
  const CondensedTree ours = fit_from_peer_tree().condensed;
  EXPECT_EQ(ours.parent, ints("parent"));
  EXPECT_EQ(ours.child, ints("child"));
  if (GetParam().options.cluster_selection_persistence > 0) {
    // The peer rounds the lambda of a dissolved split to float32.
    EXPECT_THAT(ours.lambda, testing::Pointwise(testing::DoubleNear(1e-6), doubles("lambda")));
  } else {
    EXPECT_EQ(ours.lambda, doubles("lambda"));
  }
  EXPECT_EQ(ours.child_size, longs("child_size"));
}

TEST_P(HdbscanGolden, LabelsThePeersCondensedTreeAsThePeer) {
  const HdbscanResult ours = fit_from_peer_tree();
  EXPECT_EQ(in_peer_order(ours, ours.clusters.labels), ints("labels"));
  const auto strengths = doubles("probabilities");
  const auto scores = doubles("outlier_scores");
  for (std::size_t i = 0; i < strengths.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(ours.clusters.strength[i]), strengths[i], 1e-6) << i;
    EXPECT_NEAR(static_cast<double>(ours.outlier_scores[i]), scores[i], 1e-6) << i;
  }
}

TEST_P(HdbscanGolden, ScoresPersistenceAsThePeer) {
  const HdbscanResult ours = fit_from_peer_tree();
  if (ours.selected.empty()) {
    EXPECT_FALSE(file_->contains("persistence"));
    return;
  }
  std::vector<std::int32_t> labels(ours.selected.size());
  std::iota(labels.begin(), labels.end(), 0);
  const auto peer_labels = in_peer_order(ours, labels);
  const auto expected = doubles("persistence");
  ASSERT_EQ(ours.clusters.persistence.size(), expected.size());
  for (std::size_t c = 0; c < labels.size(); ++c) {
    // The peer adds stabilities up in float32.
    EXPECT_NEAR(ours.clusters.persistence[c], expected[static_cast<std::size_t>(peer_labels[c])],
                1e-6);
  }
}

TEST_P(HdbscanGolden, FindsASpanningTreeOfThePeersWeight) {
  RunContext run;
  const HdbscanOptions& options = GetParam().options;
  const auto ours = hdbscan(points().view(), {}, options, run);
  ASSERT_TRUE(ours);
  const auto expected = doubles("tree_distance");
  const double total = std::accumulate(expected.begin(), expected.end(), 0.0);
  const double found = std::accumulate(ours->tree.distance.begin(), ours->tree.distance.end(), 0.0);
  EXPECT_NEAR(found, total, 1e-9 * total);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(ours->tree.distance[i], expected[i], 1e-12 * expected[i]);
  }
}

TEST_P(HdbscanGolden, ClustersPointsAsThePeer) {
  RunContext run;
  const auto ours = hdbscan(points().view(), {}, GetParam().options, run);
  ASSERT_TRUE(ours);
  const auto expected = ints("labels");
  // A point whose own core distance joins two clusters belongs to either: the order of equal edges
  // decides, and the peer sorts them in no particular order.
  std::size_t n_different = 0;
  std::map<std::pair<int, int>, int> together;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ++together[{ours->clusters.labels[i], expected[i]}];
  }
  for (const auto& [cell, count] : together) n_different += count < 3 ? 1 : 0;
  EXPECT_LE(n_different, expected.size() / 100);
  EXPECT_GE(adjusted_rand_index(ours->clusters.labels, expected), 0.98);
}

TEST_P(HdbscanGolden, CutsTheLinkageLikeDbscanAsThePeer) {
  const HdbscanResult ours = fit_from_peer_tree();
  const Clustering cut = must(dbscan_cut(ours, {}, 0.8, 5));
  EXPECT_EQ(adjusted_rand_index(cut.labels, ints("dbscan_labels")), 1.0);
  const auto count_noise = [](const std::vector<std::int32_t>& labels) {
    return std::count(labels.begin(), labels.end(), -1);
  };
  EXPECT_EQ(count_noise(cut.labels), count_noise(ints("dbscan_labels")));
}

class HdbscanPredictionGolden : public HdbscanGolden {
 protected:
  static HdbscanOptions options() {
    HdbscanOptions options = GetParam().options;
    options.compat = true;
    return options;
  }
  /// The peer's columns: its clusters by ascending condensed-tree id.
  void expect_rows(const HdbscanResult& fitted, const Matrix<float>& ours, const char* name) {
    const auto expected = doubles(name);
    ASSERT_EQ(ours.size(), expected.size());
    std::vector<std::int32_t> labels(fitted.selected.size());
    std::iota(labels.begin(), labels.end(), 0);
    const auto column = in_peer_order(fitted, labels);
    for (std::size_t row = 0; row < ours.rows(); ++row) {
      for (std::size_t j = 0; j < ours.cols(); ++j) {
        const auto at = row * ours.cols() + static_cast<std::size_t>(column[j]);
        EXPECT_NEAR(static_cast<double>(ours[row, j]), expected[at], 1e-5) << row << ", " << j;
      }
    }
  }
};

TEST_P(HdbscanPredictionGolden, PredictsAsThePeer) {
  RunContext run;
  const HdbscanResult fitted = fit_from_peer_tree();
  const Matrix<float> fresh = must(file_->matrix("new_points"));
  const auto ours = hdbscan_predict(fitted, points().view(), fresh.view(), options(), run);
  ASSERT_TRUE(ours);
  EXPECT_EQ(in_peer_order(fitted, ours->labels), ints("predicted_labels"));
  const auto expected = doubles("predicted_strengths");
  const auto scores = doubles("predicted_scores");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(ours->strength[i]), expected[i], 1e-6) << i;
    EXPECT_NEAR(static_cast<double>(ours->outlier_scores[i]), scores[i], 1e-5) << i;
  }
}

TEST_P(HdbscanPredictionGolden, FindsThePeersExemplars) {
  const HdbscanResult fitted = fit_from_peer_tree();
  const auto ours = exemplars(fitted.condensed, fitted.selected);
  const auto expected = ints("exemplars");
  const auto clusters = ints("exemplar_clusters");
  std::vector<std::int32_t> labels(fitted.selected.size());
  std::iota(labels.begin(), labels.end(), 0);
  const auto peer_label = in_peer_order(fitted, labels);
  for (std::size_t label = 0; label < ours.size(); ++label) {
    std::vector<std::int32_t> of_cluster;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (clusters[i] == peer_label[label]) of_cluster.push_back(expected[i]);
    }
    EXPECT_EQ(ours[label], of_cluster) << label;
  }
}

TEST_P(HdbscanPredictionGolden, GivesTrainingPointsThePeersMemberships) {
  RunContext run;
  const HdbscanResult fitted = fit_from_peer_tree();
  const auto ours = hdbscan_membership_matrix(fitted, points().view(), options(), run);
  ASSERT_TRUE(ours);
  expect_rows(fitted, *ours, "memberships");
}

TEST_P(HdbscanPredictionGolden, GivesNewPointsThePeersMemberships) {
  RunContext run;
  const HdbscanResult fitted = fit_from_peer_tree();
  const Matrix<float> fresh = must(file_->matrix("new_points"));
  const auto ours =
      hdbscan_predict_membership_matrix(fitted, points().view(), fresh.view(), options(), run);
  ASSERT_TRUE(ours);
  expect_rows(fitted, *ours, "new_memberships");
}

const Case kEom{"eom", {.min_cluster_size = 8}};
const Case kFewSamples{"few_samples", {.min_cluster_size = 12, .min_samples = 3}};
const Case kLeaf{
    "leaf",
    {.min_cluster_size = 6, .min_samples = 2, .cluster_selection_method = ClusterSelection::leaf}};
const Case kAlpha{"alpha", {.min_cluster_size = 8, .min_samples = 4, .alpha = 1.5F}};

std::string name_of(const testing::TestParamInfo<Case>& of) { return of.param.name; }

const Case kEpsilon{"epsilon",
                    {.min_cluster_size = 6, .min_samples = 2, .cluster_selection_epsilon = 0.6}};
const Case kLeafEpsilon{"leaf_epsilon",
                        {.min_cluster_size = 6,
                         .min_samples = 2,
                         .cluster_selection_epsilon = 0.6,
                         .cluster_selection_method = ClusterSelection::leaf}};
const Case kMaxSize{"max_size", {.min_cluster_size = 6, .min_samples = 2, .max_cluster_size = 60}};
const Case kPersistence{
    "persistence", {.min_cluster_size = 5, .min_samples = 2, .cluster_selection_persistence = 0.6}};
const Case kPersistenceLeaf{"persistence_leaf",
                            {.min_cluster_size = 4,
                             .min_samples = 2,
                             .cluster_selection_persistence = 1.0,
                             .cluster_selection_method = ClusterSelection::leaf}};
const Case kEpsilonMax{
    "epsilon_max", {.min_cluster_size = 6, .min_samples = 2, .cluster_selection_epsilon_max = 2.0}};

INSTANTIATE_TEST_SUITE_P(
    Cases, HdbscanGolden,
    testing::Values(kEom, kFewSamples, kLeaf, kAlpha, kEpsilon, kLeafEpsilon, kMaxSize,
                    kPersistence, kPersistenceLeaf, kEpsilonMax,
                    Case{"none", {.min_cluster_size = 20}},
                    Case{"single", {.min_cluster_size = 20, .allow_single_cluster = true}},
                    Case{"single_epsilon",
                         {.min_cluster_size = 20,
                          .cluster_selection_epsilon = 0.9,
                          .allow_single_cluster = true}},
                    Case{"flat_few", {.min_cluster_size = 6, .min_samples = 2, .n_clusters = 4}},
                    Case{"flat_many", {.min_cluster_size = 5, .min_samples = 2, .n_clusters = 12}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(Cases, HdbscanPredictionGolden,
                         testing::Values(kEom, kFewSamples, kLeaf, kAlpha, kEpsilon, kLeafEpsilon,
                                         kMaxSize, kPersistence, kPersistenceLeaf, kEpsilonMax),
                         name_of);

}  // namespace
}  // namespace topograph
