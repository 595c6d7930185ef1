#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Rounds of n points each around 0, 50, 100, …
Matrix<float> rows_of_blobs(std::size_t n_blobs, std::size_t n) {
  const RandomKey key = random_key(3, "test.blobs");
  Matrix<float> x(n_blobs * n, 2);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t c = 0; c < 2; ++c) {
      x[row, c] = static_cast<float>(normal(key, row, c)) + 50.0F * static_cast<float>(row / n);
    }
  }
  return x;
}

TEST(HdbscanCut, SaysWhenTheTreeHasNotSoManyClusters) {
  RunContext run;
  const auto found =
      hdbscan(rows_of_blobs(2, 20).view(), {}, {.min_cluster_size = 10, .n_clusters = 9}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
  ASSERT_THAT(run.warnings(), SizeIs(1));
  EXPECT_THAT(run.warnings()[0], HasSubstr("9 clusters were asked for, the tree has 2"));
}

TEST(HdbscanCut, TakesEverythingAsOneClusterWhenAskedForOne) {
  RunContext run;
  const auto found = hdbscan(rows_of_blobs(3, 20).view(), {}, {.n_clusters = 1}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, Each(0));
}

TEST(HdbscanCut, GroupsBlobsByTheNumberAskedFor) {
  RunContext run;
  Matrix<float> x = rows_of_blobs(3, 20);
  for (std::size_t row = 40; row < 60; ++row) x[row, 0] += 500;
  const auto found = hdbscan(x.view(), {}, {.min_cluster_size = 10, .n_clusters = 2}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
  EXPECT_EQ(found->clusters.labels[0], found->clusters.labels[20]);
  EXPECT_NE(found->clusters.labels[0], found->clusters.labels[40]);
  EXPECT_GT(found->epsilon, 40);
}

TEST(HdbscanNonFinite, IsAnErrorUnlessToldOtherwise) {
  RunContext run;
  Matrix<float> x = rows_of_blobs(2, 20);
  x[3, 0] = kNan;
  const auto refused = hdbscan(x.view(), {}, {}, run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "row 3");
  const HdbscanOptions options{.min_cluster_size = 10, .non_finite = NonFinite::noise};
  const auto found = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
  EXPECT_EQ(found->clusters.labels[3], kNoise);
  EXPECT_TRUE(std::isinf(found->core_distances[3]));
}

TEST(HdbscanNonFinite, MakesNoiseOfEverythingWhenNoRowIsFinite) {
  RunContext run;
  Matrix<float> x(7, 2);
  for (std::size_t row = 0; row < 7; ++row) x[row, 1] = kNan;
  const HdbscanOptions options{
      .allow_single_cluster = true, .n_clusters = 1, .non_finite = NonFinite::noise};
  const auto found = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, Each(kNoise));
  EXPECT_THAT(found->outlier_scores, SizeIs(7));
}

TEST(HdbscanNonFinite, NeverMakesAClusterOfAHeavyRow) {
  RunContext run;
  Matrix<float> x = rows_of_blobs(2, 20);
  x[0, 0] = kNan;
  std::vector<std::int32_t> weights(40, 1);
  weights[0] = 100;
  const HdbscanOptions options{.min_cluster_size = 10, .non_finite = NonFinite::noise};
  const auto found = hdbscan(x.view(), weights, options, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.labels[0], kNoise);
  EXPECT_EQ(found->clusters.n_clusters, 2);
}

TEST(HdbscanNonFinite, DoesNotCountTowardsMinClusterSize) {
  RunContext run;
  Matrix<float> x(9, 1);
  for (std::size_t row = 0; row < 9; ++row) x[row, 0] = row < 3 ? 0.5F : kNan;
  const HdbscanOptions options{
      .min_cluster_size = 5, .allow_single_cluster = true, .non_finite = NonFinite::noise};
  const auto found = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, Each(kNoise));
}

TEST(HdbscanCosine, KeepsZeroVectorsTogetherAndApart) {
  RunContext run;
  Matrix<float> x(30, 4);
  for (std::size_t row = 0; row < 30; ++row) {
    if (row < 10) x[row, 0] = 1 + static_cast<float>(row);
    if (row >= 10 && row < 20) x[row, 1] = -2 - static_cast<float>(row);
  }
  const HdbscanOptions options{.min_cluster_size = 5, .metric = Metric::cosine};
  const auto found = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 3);
  for (std::size_t row = 0; row < 30; ++row) {
    EXPECT_EQ(found->clusters.labels[row], found->clusters.labels[row / 10 * 10]) << row;
  }
  EXPECT_NEAR(found->tree.distance.back(), 1.0, 1e-6);
}

TEST(DbscanCut, LabelsGroupsLinkedBelowTheDistance) {
  RunContext run;
  Matrix<float> x(7, 1);
  const float values[] = {0, 1, 2, 10, 11, 12, 30};
  std::copy_n(values, 7, x.data());
  const auto tree = hdbscan_tree(x.view(), {}, {.min_samples = 1}, run);
  ASSERT_TRUE(tree);
  const auto cut = dbscan_cut(*tree, {}, 1.5, 2);
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->labels, ElementsAre(0, 0, 0, 1, 1, 1, -1));
  EXPECT_THAT(cut->strength, ElementsAre(1, 1, 1, 1, 1, 1, 0));
  // Links must be shorter than the distance, not equal to it.
  const auto none = dbscan_cut(*tree, {}, 1.0, 2);
  ASSERT_TRUE(none);
  EXPECT_THAT(none->labels, Each(kNoise));
}

TEST(DbscanCut, CountsCopiesOfAPoint) {
  RunContext run;
  Matrix<float> x(3, 1);
  x[1, 0] = 10;
  x[2, 0] = 20;
  const std::vector<std::int32_t> weights{4, 1, 1};
  const auto tree = hdbscan_tree(x.view(), weights, {.min_samples = 2}, run);
  ASSERT_TRUE(tree);
  const auto cut = dbscan_cut(*tree, weights, 1.0, 4);
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->labels, ElementsAre(0, -1, -1));
}

TEST(DbscanCut, NamesWhatIsWrong) {
  EXPECT_FALSE(dbscan_cut({}, {}, 0.0, 2));
  EXPECT_FALSE(dbscan_cut({}, {}, 1.0, 0));
  const auto empty = dbscan_cut({}, {}, 1.0, 2);
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->labels, IsEmpty());
}

TEST(SimplifyTree, DissolvesAShortSplitIntoItsParent) {
  // Root 4 splits at 1 into 5 and 6, whose points leave at 3 and 1.2.
  const CondensedTree tree{
      {4, 4, 5, 5, 6, 6}, {5, 6, 0, 1, 2, 3}, {1, 1, 3, 3, 1.2, 1.2}, {2, 2, 1, 1, 1, 1}, 4};
  EXPECT_EQ(simplify_tree(tree, 0.1).child, tree.child);
  const CondensedTree simple = simplify_tree(tree, 0.5);
  EXPECT_THAT(simple.parent, Each(4));
  EXPECT_THAT(simple.child, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(simple.lambda, ElementsAre(3, 3, 1.2, 1.2));
}

TEST(SimplifyTree, GivesTheSplitOfTheLongerSideToTheParent) {
  // The root 7 splits at 1 into 8, which ends at 1.1, and 9, which splits at 2 into 10 and 11.
  const CondensedTree tree{{7, 7, 8, 8, 9, 9, 9, 10, 10, 11, 11},
                           {8, 9, 0, 1, 6, 10, 11, 2, 3, 4, 5},
                           {1, 1, 1.1, 1.1, 1.5, 2, 2, 5, 5, 5, 5},
                           {2, 5, 1, 1, 1, 2, 2, 1, 1, 1, 1},
                           7};
  const CondensedTree simple = simplify_tree(tree, 0.5);
  EXPECT_THAT(simple.parent, ElementsAre(7, 7, 7, 7, 7, 8, 8, 9, 9));
  EXPECT_THAT(simple.child, ElementsAre(0, 1, 6, 8, 9, 2, 3, 4, 5));
  EXPECT_THAT(simple.lambda, ElementsAre(1, 1, 1.5, 2, 2, 5, 5, 5, 5));
}

TEST(Exemplars, AreThePointsThatLeaveALeafLast) {
  // Root 6 splits into 7 (leaf) and 8, which splits into 9 and 10.
  const CondensedTree tree{{6, 6, 7, 7, 8, 8, 9, 9, 10, 10},
                           {7, 8, 0, 1, 9, 10, 2, 3, 5, 4},
                           {1, 1, 2, 3, 2, 2, 4, 4, 5, 3},
                           {2, 4, 1, 1, 2, 2, 1, 1, 1, 1},
                           6};
  const std::vector<std::int32_t> selected{8, 7};
  EXPECT_THAT(exemplars(tree, selected), ElementsAre(ElementsAre(2, 3, 5), ElementsAre(1)));
}

TEST(HdbscanMemberships, AreEmptyRowsOfNoiseWithoutClusters) {
  RunContext run;
  const Matrix<float> x(6, 2);
  const HdbscanOptions options{.min_cluster_size = 10};
  const auto fitted = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(fitted);
  const auto rows = hdbscan_memberships(*fitted, x.view(), 4, options, run);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->k(), 0U);
  EXPECT_THAT(rows->noise, ElementsAre(1, 1, 1, 1, 1, 1));
}

TEST(HdbscanMemberships, AreFiniteWhereAllPointsAreEqual) {
  RunContext run;
  const Matrix<float> x(20, 2);
  const HdbscanOptions options{.allow_single_cluster = true};
  const auto fitted = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(fitted);
  const auto rows = hdbscan_memberships(*fitted, x.view(), 4, options, run);
  ASSERT_TRUE(rows);
  for (std::size_t row = 0; row < 20; ++row) EXPECT_EQ((rows->values[row, 0]), 1.0F);
}

TEST(HdbscanMemberships, NameWhatIsWrong) {
  RunContext run;
  const Matrix<float> x = rows_of_blobs(2, 20);
  const auto fitted = hdbscan(x.view(), {}, {}, run);
  ASSERT_TRUE(fitted);
  EXPECT_FALSE(hdbscan_memberships(*fitted, x.view(), 0, {}, run));
  EXPECT_FALSE(hdbscan_memberships(*fitted, x.view().rows(0, 5), 2, {}, run));
  EXPECT_FALSE(
      hdbscan_predict_memberships(*fitted, x.view(), Matrix<float>(2, 3).view(), 2, {}, run));
}

}  // namespace
}  // namespace topograph
