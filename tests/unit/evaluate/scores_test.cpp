#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/evaluate/contingency.hpp"
#include "topograph/evaluate/separation.hpp"

namespace topograph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Labels = std::vector<std::int32_t>;

Agreement agree(const Labels& truth, const Labels& clusters) {
  return agreement(*contingency_table(truth, clusters));
}

Matrix<float> line(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  std::ranges::copy(values, x.data());
  return x;
}

TEST(ContingencyTable, CountsPairsOfLabels) {
  const auto table = contingency_table(Labels{5, 5, -1, 7}, Labels{0, 1, 1, 0});
  ASSERT_TRUE(table);
  EXPECT_THAT(table->row_labels, ElementsAre(-1, 5, 7));
  EXPECT_THAT(table->counts.row(0), ElementsAre(0, 1));
  EXPECT_THAT(table->counts.row(1), ElementsAre(1, 1));
  EXPECT_THAT(table->counts.row(2), ElementsAre(1, 0));
  EXPECT_FALSE(contingency_table(Labels{1}, Labels{1, 2}));
}

TEST(Agreement, OtherNumbersForTheSameGroupsArePerfect) {
  const Agreement found = agree({0, 0, 1, 1, 2}, {9, 9, 4, 4, 0});
  EXPECT_DOUBLE_EQ(found.adjusted_rand, 1);
  EXPECT_NEAR(found.adjusted_mutual_info, 1, 1e-12);
  EXPECT_NEAR(found.v_measure, 1, 1e-12);
  EXPECT_DOUBLE_EQ(found.fowlkes_mallows, 1);
  EXPECT_DOUBLE_EQ(found.purity, 1);
}

TEST(Agreement, OneClusterForTwoLabelsSaysNothing) {
  const Agreement found = agree({0, 0, 1, 1}, {3, 3, 3, 3});
  EXPECT_DOUBLE_EQ(found.adjusted_rand, 0);
  EXPECT_DOUBLE_EQ(found.adjusted_mutual_info, 0);
  EXPECT_DOUBLE_EQ(found.homogeneity, 0);
  EXPECT_DOUBLE_EQ(found.completeness, 1);
  EXPECT_DOUBLE_EQ(found.purity, 0.5);
}

TEST(Agreement, OneGroupOnBothSidesAndNothingAtAllArePerfect) {
  EXPECT_DOUBLE_EQ(agree({2, 2}, {5, 5}).adjusted_mutual_info, 1);
  EXPECT_DOUBLE_EQ(agree({}, {}).adjusted_rand, 1);
}

TEST(Agreement, IsSymmetricWhereItSaysSo) {
  const Labels a = {0, 0, 1, 1, 2, 2, 2};
  const Labels b = {1, 0, 1, 1, 0, 0, 2};
  const Agreement ab = agree(a, b);
  const Agreement ba = agree(b, a);
  EXPECT_NEAR(ab.adjusted_rand, ba.adjusted_rand, 1e-12);
  EXPECT_NEAR(ab.adjusted_mutual_info, ba.adjusted_mutual_info, 1e-12);
  EXPECT_NEAR(ab.homogeneity, ba.completeness, 1e-12);
}

TEST(Silhouette, ComparesTheOwnClusterWithTheNextOne) {
  RunContext run;
  const auto found = silhouettes(line({0, 2, 10}).view(), Labels{0, 0, 1}, Metric::euclidean, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, ElementsAre(0.8, 0.75, 0));
}

TEST(Silhouette, LeavesNoiseOut) {
  RunContext run;
  const auto x = line({0, 2, 5, 10, 12});
  const auto found = silhouettes(x.view(), Labels{0, 0, -1, 1, 1}, Metric::euclidean, run);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[2], 0);
  EXPECT_DOUBLE_EQ((*found)[0], 1 - 2.0 / 11);
  const auto mean = silhouette(x.view(), Labels{0, 0, -1, 1, 1}, Metric::euclidean, 0, run);
  EXPECT_DOUBLE_EQ(*mean, (2 * (1 - 2.0 / 11) + 2 * (1 - 2.0 / 9)) / 4);
}

TEST(Silhouette, ASampleComesCloseToTheWhole) {
  const RandomKey key = random_key(2, "test.silhouette");
  Matrix<float> x(4000, 3);
  Labels labels(4000);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    labels[i] = static_cast<std::int32_t>(i % 4);
    for (std::size_t c = 0; c < 3; ++c) {
      x[i, c] = static_cast<float>(normal(key, i, c) + (c == i % 4 ? 6.0 : 0.0));
    }
  }
  RunContext run;
  const double all = *silhouette(x.view(), labels, Metric::euclidean, 0, run);
  EXPECT_NEAR(*silhouette(x.view(), labels, Metric::euclidean, 1000, run), all, 0.02);
  for (const int threads : {1, 3, 7}) {
    RunContext other({.threads = threads});
    EXPECT_EQ(*silhouette(x.view(), labels, Metric::euclidean, 0, other), all);
  }
}

TEST(Scores, RefuseOneClusterAndRowsThatAreNotFinite) {
  RunContext run;
  const auto x = line({1, 2, 3});
  const auto one = silhouettes(x.view(), Labels{0, 0, -1}, Metric::euclidean, run);
  ASSERT_FALSE(one);
  EXPECT_THAT(to_string(one.error()), HasSubstr("2 clusters"));
  EXPECT_FALSE(center_scores(x.view(), Labels{0, 1, 2}, run));
  EXPECT_FALSE(density_validity(x.view(), Labels{0, 0, 0}, run));
  auto bad = line({1, 2, 3});
  bad[1, 0] = std::numeric_limits<float>::quiet_NaN();
  const auto nan = center_scores(bad.view(), Labels{0, 1, 1}, run);
  ASSERT_FALSE(nan);
  EXPECT_THAT(to_string(nan.error()), HasSubstr("row 1"));
}

TEST(CenterScores, EqualPointsInEachClusterAreAsGoodAsItGets) {
  RunContext run;
  const auto found = center_scores(line({0, 0, 5, 5}).view(), Labels{0, 0, 1, 1}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->davies_bouldin, 0);
  EXPECT_EQ(found->calinski_harabasz, 1);
}

TEST(DensityValidity, IsHighForDenseClustersFarApartAndFiniteForDuplicates) {
  RunContext run;
  const auto far = line({0, 0.1F, 0.2F, 0.3F, 50, 50.1F, 50.2F, 50.3F});
  const auto found = density_validity(far.view(), Labels{0, 0, 0, 0, 1, 1, 1, 1}, run);
  ASSERT_TRUE(found);
  EXPECT_GT(found->score, 0.95);
  const auto equal = density_validity(line({1, 1, 1, 1}).view(), Labels{0, 0, 1, 1}, run);
  ASSERT_TRUE(equal);
  EXPECT_EQ(equal->score, 0);
}

}  // namespace
}  // namespace topograph
