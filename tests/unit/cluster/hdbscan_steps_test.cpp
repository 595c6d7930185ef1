#include "topograph/cluster/hdbscan_steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::DoubleEq;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Matrix<float> column(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  std::copy(values.begin(), values.end(), x.data());
  return x;
}

TEST(CoreDistances, AreTheDistancesToTheWantedNeighbor) {
  RunContext run;
  const Matrix<float> x = column({0, 1, 3, 7});
  const auto first = core_distances(x.view(), {}, 1, run);
  const auto second = core_distances(x.view(), {}, 2, run);
  ASSERT_TRUE(first && second);
  EXPECT_THAT(*first, ElementsAre(1, 1, 2, 4));
  EXPECT_THAT(*second, ElementsAre(3, 2, 3, 6));
}

TEST(CoreDistances, ReachTheFarthestPointWhenThereAreFewer) {
  RunContext run;
  const auto core = core_distances(column({0, 1, 3}).view(), {}, 10, run);
  ASSERT_TRUE(core);
  EXPECT_THAT(*core, ElementsAre(3, 2, 3));
}

TEST(CoreDistances, CountCopiesOfAPoint) {
  RunContext run;
  const std::vector<std::int32_t> weights{3, 1, 1};
  const auto core = core_distances(column({0, 1, 3}).view(), weights, 2, run);
  ASSERT_TRUE(core);
  // The first row has two copies of itself at 0; the others reach its three copies.
  EXPECT_THAT(*core, ElementsAre(0, 1, 3));
}

TEST(CoreDistances, AcceptOnePointAndNone) {
  RunContext run;
  const auto one = core_distances(column({5}).view(), {}, 3, run);
  ASSERT_TRUE(one);
  EXPECT_THAT(*one, ElementsAre(0));
  const auto none = core_distances(MatrixView<const float>{}, {}, 3, run);
  ASSERT_TRUE(none);
  EXPECT_THAT(*none, IsEmpty());
}

TEST(CoreDistances, NameTheFirstRowThatIsNotFinite) {
  RunContext run;
  const Matrix<float> x = column({0, 1, std::nanf(""), 2, std::nanf("")});
  const auto core = core_distances(x.view(), {}, 1, run);
  ASSERT_FALSE(core);
  EXPECT_EQ(core.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(core.error().where, "row 2");
  EXPECT_FALSE(core_distances(column({0, 1}).view(), {}, 0, run));
}

TEST(MutualReachabilityTree, JoinsPointsOnALineInOrder) {
  RunContext run;
  const std::vector<double> no_core(4, 0.0);
  const auto tree = mutual_reachability_tree(column({0, 1, 3, 7}).view(), no_core, 1, run);
  ASSERT_TRUE(tree);
  EXPECT_THAT(tree->distance, ElementsAre(1, 2, 4));
  EXPECT_THAT(tree->from, ElementsAre(0, 1, 2));
  EXPECT_THAT(tree->to, ElementsAre(1, 2, 3));
}

TEST(MutualReachabilityTree, IsNeverBelowACoreDistance) {
  RunContext run;
  const std::vector<double> core{5, 1, 1, 1};
  const auto tree = mutual_reachability_tree(column({0, 1, 3, 7}).view(), core, 1, run);
  ASSERT_TRUE(tree);
  EXPECT_THAT(tree->distance, ElementsAre(2, 4, 5));
}

TEST(MutualReachabilityTree, DividesDistancesByAlpha) {
  RunContext run;
  const std::vector<double> no_core(3, 0.0);
  const auto tree = mutual_reachability_tree(column({0, 1, 3}).view(), no_core, 2, run);
  ASSERT_TRUE(tree);
  EXPECT_THAT(tree->distance, ElementsAre(0.5, 1));
  EXPECT_FALSE(mutual_reachability_tree(column({0, 1, 3}).view(), no_core, 0, run));
}

TEST(MutualReachabilityTree, BreaksTiesBySmallerIds) {
  RunContext run;
  const std::vector<double> core(4, 10.0);
  const auto tree = mutual_reachability_tree(column({0, 1, 3, 7}).view(), core, 1, run);
  ASSERT_TRUE(tree);
  EXPECT_THAT(tree->from, Each(0));
  EXPECT_THAT(tree->to, ElementsAre(1, 2, 3));
}

TEST(MutualReachabilityTree, JoinsThousandsOfEqualPointsToTheFirst) {
  RunContext run;
  constexpr std::size_t kPoints = 20'000;
  const Matrix<float> x(kPoints, 3);
  const std::vector<double> core(kPoints, 0.0);
  const auto tree = mutual_reachability_tree(x.view(), core, 1, run);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->distance.size(), kPoints - 1);
  EXPECT_THAT(tree->from, Each(0));
}

/// 0-1 and 2-3 at height 1 and 2, joined at 4; 4 joins at 8.
SpanningTree small_tree() { return {{0, 2, 1, 3}, {1, 3, 2, 4}, {1, 2, 4, 8}}; }

TEST(LinkSpanningTree, MergesSetsInTheOrderOfEdges) {
  const Linkage linkage = link_spanning_tree(small_tree(), {});
  EXPECT_THAT(linkage.left, ElementsAre(0, 2, 5, 7));
  EXPECT_THAT(linkage.right, ElementsAre(1, 3, 6, 4));
  EXPECT_THAT(linkage.height, ElementsAre(1, 2, 4, 8));
  EXPECT_THAT(linkage.size, ElementsAre(2, 2, 4, 5));
}

TEST(LinkSpanningTree, AddsWeightsUp) {
  const std::vector<std::int32_t> weights{1, 2, 3, 4, 5};
  EXPECT_THAT(link_spanning_tree(small_tree(), weights).size, ElementsAre(3, 7, 10, 15));
}

TEST(CondenseTree, SplitsOnlyIntoSidesThatAreLargeEnough) {
  const CondensedTree tree = condense_tree(link_spanning_tree(small_tree(), {}), {}, 2);
  EXPECT_EQ(tree.n_points, 5);
  EXPECT_THAT(tree.parent, ElementsAre(5, 5, 5, 6, 6, 7, 7));
  EXPECT_THAT(tree.child, ElementsAre(4, 6, 7, 0, 1, 2, 3));
  EXPECT_THAT(tree.lambda, ElementsAre(0.125, 0.25, 0.25, 1, 1, 0.5, 0.5));
  EXPECT_THAT(tree.child_size, ElementsAre(1, 2, 2, 1, 1, 1, 1));
}

TEST(CondenseTree, LetsBranchesSmallerThanMinClusterSizeFallOut) {
  const CondensedTree tree = condense_tree(link_spanning_tree(small_tree(), {}), {}, 3);
  EXPECT_THAT(tree.parent, Each(5));
  EXPECT_THAT(tree.child, ElementsAre(4, 0, 1, 2, 3));
  EXPECT_THAT(tree.lambda, ElementsAre(0.125, 0.25, 0.25, 0.25, 0.25));
}

TEST(CondenseTree, LetsAHeavyPointBeACluster) {
  const std::vector<std::int32_t> weights{1, 1, 1, 1, 6};
  const std::vector<double> core{1, 1, 2, 2, 0.5};
  const CondensedTree tree =
      condense_tree(link_spanning_tree(small_tree(), weights), weights, 4, core);
  EXPECT_THAT(tree.parent, ElementsAre(5, 5, 6, 6, 6, 6, 7));
  EXPECT_THAT(tree.child, ElementsAre(6, 7, 0, 1, 2, 3, 4));
  EXPECT_THAT(tree.lambda, ElementsAre(0.125, 0.125, 0.25, 0.25, 0.25, 0.25, 2));
  EXPECT_THAT(tree.child_size, ElementsAre(4, 6, 1, 1, 1, 1, 6));
}

TEST(CondenseTree, GivesHeightZeroAnInfiniteLambda) {
  const SpanningTree zero{{0, 0}, {1, 2}, {0, 0}};
  EXPECT_THAT(condense_tree(link_spanning_tree(zero, {}), {}, 2).lambda, Each(kInfinity));
}

/// Two clusters of 4 born at lambda 1 whose points leave at 3 and 2; one of them splits again into
/// two of 2 at lambda 2, which leave at `late`.
CondensedTree two_levels(double late) {
  return {{8, 8, 9, 9, 9, 9, 10, 10, 11, 11, 12, 12},
          {9, 10, 0, 1, 2, 3, 11, 12, 4, 5, 6, 7},
          {1, 1, 3, 3, 3, 3, 2, 2, late, late, late, late},
          {4, 4, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1},
          8};
}

TEST(SelectClusters, KeepsTheParentUnlessItsChildrenAreStrictlyMoreStable) {
  // The parent's stability is (2 - 1) * 4 = 4; the children's (late - 2) * 4.
  const HdbscanOptions options{.min_cluster_size = 2};
  EXPECT_THAT(select_clusters(two_levels(2.5), options), ElementsAre(9, 10));
  EXPECT_THAT(select_clusters(two_levels(3.0), options), ElementsAre(9, 10));
  EXPECT_THAT(select_clusters(two_levels(3.5), options), ElementsAre(9, 11, 12));
}

TEST(SelectClusters, TakesTheLeavesWhenAsked) {
  const HdbscanOptions options{.min_cluster_size = 2,
                               .cluster_selection_method = ClusterSelection::leaf};
  EXPECT_THAT(select_clusters(two_levels(2.5), options), ElementsAre(9, 11, 12));
}

TEST(SelectClusters, GivesUpClustersThatAreTooLarge) {
  const HdbscanOptions options{.min_cluster_size = 2, .max_cluster_size = 3};
  EXPECT_THAT(select_clusters(two_levels(2.5), options), ElementsAre(11, 12));
}

TEST(SelectClusters, ClimbsWhereASplitIsBelowEpsilon) {
  // The clusters 11 and 12 appear at distance 1 / 2, their parent at 1.
  const HdbscanOptions options{.min_cluster_size = 2, .cluster_selection_epsilon = 0.6F};
  EXPECT_THAT(select_clusters(two_levels(9), options), ElementsAre(9, 10));
}

TEST(SelectClusters, TakesTheRootOnlyWhenASingleClusterIsAllowed) {
  CondensedTree tree{{3, 3, 3}, {0, 1, 2}, {1, 2, 2}, {1, 1, 1}, 3};
  EXPECT_THAT(select_clusters(tree, {.min_cluster_size = 2}), IsEmpty());
  const HdbscanOptions single{.min_cluster_size = 2, .allow_single_cluster = true};
  EXPECT_THAT(select_clusters(tree, single), ElementsAre(3));
  const HdbscanOptions larger{.min_cluster_size = 4, .allow_single_cluster = true};
  EXPECT_THAT(select_clusters(tree, larger), IsEmpty());
}

TEST(LabelPoints, NumbersClustersByWeightAndTellsTheirTreeIds) {
  const HdbscanOptions options{.min_cluster_size = 2};
  const CondensedTree tree = two_levels(3.5);
  const std::vector<std::int32_t> weights{1, 1, 1, 1, 1, 1, 4, 4};
  std::vector<std::int32_t> order;
  const std::vector<std::int32_t> selected{9, 11, 12};
  const Clustering found = label_points(tree, selected, weights, options, order);
  EXPECT_THAT(found.labels, ElementsAre(1, 1, 1, 1, 2, 2, 0, 0));
  EXPECT_THAT(order, ElementsAre(12, 9, 11));
  EXPECT_EQ(found.n_clusters, 3);
  EXPECT_THAT(found.strength, Each(1.0F));
  // (3.5 - 2) * 2 / (8 * 3.5), (3 - 1) * 4 / (4 * 3.5), (3.5 - 2) * 2 / (2 * 3.5)
  EXPECT_THAT(found.persistence,
              ElementsAre(DoubleEq(3.0 / 28), DoubleEq(8.0 / 14), DoubleEq(3.0 / 7)));
}

TEST(LabelPoints, GivesPointsThatLeaveEarlyLessStrength) {
  const CondensedTree tree{{5, 5, 5, 6, 6, 7, 7},
                           {4, 6, 7, 0, 1, 2, 3},
                           {0.5, 1, 1, 2, 4, kInfinity, 3},
                           {1, 2, 2, 1, 1, 1, 1},
                           5};
  std::vector<std::int32_t> order;
  const std::vector<std::int32_t> selected{6, 7};
  const Clustering found = label_points(tree, selected, {}, {.min_cluster_size = 2}, order);
  EXPECT_THAT(found.labels, ElementsAre(0, 0, 1, 1, -1));
  // Point 3 is the densest one that can be told from its neighbours.
  EXPECT_THAT(found.strength, ElementsAre(0.5F, 1.0F, 1.0F, 1.0F, 0.0F));
  EXPECT_THAT(found.persistence, ElementsAre(1, 1));
}

TEST(OutlierScores, CompareAPointWithTheDensestOfItsCluster) {
  const auto scores = outlier_scores(two_levels(4));
  EXPECT_THAT(scores, ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
  const CondensedTree tree{{3, 3, 3}, {0, 1, 2}, {1, 2, 4}, {1, 1, 1}, 3};
  EXPECT_THAT(outlier_scores(tree), ElementsAre(0.75F, 0.5F, 0.0F));
}

}  // namespace
}  // namespace topograph
