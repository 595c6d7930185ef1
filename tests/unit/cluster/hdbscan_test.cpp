#include "topograph/cluster/hdbscan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stop_token>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// `n` points around 0 and `n` around 100, alternating.
Matrix<float> two_blobs(std::size_t n, std::size_t dims) {
  const RandomKey key = random_key(5, "test.blobs");
  Matrix<float> x(2 * n, dims);
  for (std::size_t row = 0; row < 2 * n; ++row) {
    for (std::size_t c = 0; c < dims; ++c) {
      x[row, c] = static_cast<float>(normal(key, row, c)) + (row % 2 == 0 ? 0.0F : 100.0F);
    }
  }
  return x;
}

TEST(Hdbscan, FindsTwoSeparateBlobs) {
  RunContext run;
  const Matrix<float> x = two_blobs(40, 3);
  const auto found = hdbscan(x.view(), {}, {.min_cluster_size = 10}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (found->clusters.labels[row] < 0) continue;
    EXPECT_EQ(found->clusters.labels[row] == found->clusters.labels[0], row % 2 == 0);
  }
  EXPECT_EQ(found->selected.size(), 2U);
  EXPECT_EQ(found->tree.distance.size(), x.rows() - 1);
  EXPECT_EQ(found->core_distances.size(), x.rows());
  EXPECT_EQ(found->outlier_scores.size(), x.rows());
}

TEST(Hdbscan, FindsThemInManyColumnsToo) {
  RunContext run;
  const auto found = hdbscan(two_blobs(30, 50).view(), {}, {.min_cluster_size = 10}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
}

TEST(Hdbscan, CallsFewerPointsThanMinClusterSizeNoise) {
  RunContext run;
  for (const std::size_t n : {1U, 2U, 4U}) {
    const auto found =
        hdbscan(two_blobs(4, 2).view().rows(0, n), {}, {.allow_single_cluster = true}, run);
    ASSERT_TRUE(found) << n;
    EXPECT_THAT(found->clusters.labels, Each(-1));
    EXPECT_THAT(found->clusters.strength, Each(0.0F));
    EXPECT_EQ(found->clusters.labels.size(), n);
    EXPECT_EQ(found->clusters.n_clusters, 0);
  }
}

TEST(Hdbscan, LowersMinSamplesToWhatThereIs) {
  RunContext run;
  const Matrix<float> x = two_blobs(6, 2);
  const HdbscanOptions options{.min_cluster_size = 3, .min_samples = 500};
  const auto found = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.labels.size(), 12U);
}

TEST(Hdbscan, AcceptsNoPoints) {
  RunContext run;
  const auto found = hdbscan(MatrixView<const float>{}, {}, {}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, IsEmpty());
}

TEST(Hdbscan, HasNothingToSplitWhereAllPointsAreEqual) {
  RunContext run;
  const Matrix<float> x(50, 3);
  const auto noise = hdbscan(x.view(), {}, {}, run);
  ASSERT_TRUE(noise);
  EXPECT_THAT(noise->clusters.labels, Each(-1));
  const auto single = hdbscan(x.view(), {}, {.allow_single_cluster = true}, run);
  ASSERT_TRUE(single);
  EXPECT_THAT(single->clusters.labels, Each(0));
  EXPECT_THAT(single->clusters.strength, Each(1.0F));
  EXPECT_THAT(single->outlier_scores, Each(0.0F));
}

TEST(Hdbscan, LetsAFoldedPointBeAClusterOfItsCopies) {
  RunContext run;
  Matrix<float> x = two_blobs(20, 2);
  std::vector<std::int32_t> weights(x.rows(), 1);
  for (std::size_t c = 0; c < 2; ++c) x[0, c] = 500;
  weights[0] = 30;
  const auto found = hdbscan(x.view(), weights, {.min_cluster_size = 8}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.labels[0], 0);
  EXPECT_EQ(std::count(found->clusters.labels.begin(), found->clusters.labels.end(), 0), 1);
  EXPECT_EQ(found->clusters.strength[0], 1.0F);
}

TEST(Hdbscan, NamesWhatIsWrongWithItsInput) {
  RunContext run;
  Matrix<float> x = two_blobs(10, 2);
  const auto option = hdbscan(x.view(), {}, {.min_cluster_size = 1}, run);
  ASSERT_FALSE(option);
  EXPECT_EQ(option.error().subject, Subject::option);
  const std::vector<std::int32_t> weights{1};
  const auto mismatch = hdbscan(x.view(), weights, {}, run);
  ASSERT_FALSE(mismatch);
  EXPECT_THAT(mismatch.error().message, HasSubstr("expected 20 document counts, found 1"));
  x[7, 1] = std::nanf("");
  const auto nan = hdbscan(x.view(), {}, {}, run);
  ASSERT_FALSE(nan);
  EXPECT_EQ(nan.error().where, "row 7");
  const auto flat = hdbscan(MatrixView<const float>(nullptr, 3, 0), {}, {}, run);
  ASSERT_FALSE(flat);
}

TEST(Hdbscan, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  RunContext run({.stop = source.get_token()});
  const auto found = hdbscan(two_blobs(40, 3).view(), {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

TEST(HdbscanPredict, GivesTrainingPointsTheirOwnLabels) {
  RunContext run;
  const Matrix<float> x = two_blobs(60, 3);
  const HdbscanOptions options{.min_cluster_size = 10};
  const auto fitted = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(fitted);
  const auto again = hdbscan_predict(*fitted, x.view(), x.view(), options, run);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->labels, fitted->clusters.labels);
  EXPECT_EQ(again->strength, fitted->clusters.strength);
}

TEST(HdbscanPredict, CallsAPointFarFromEverythingNoise) {
  RunContext run;
  const Matrix<float> x = two_blobs(60, 2);
  const HdbscanOptions options{.min_cluster_size = 10};
  const auto fitted = hdbscan(x.view(), {}, options, run);
  ASSERT_TRUE(fitted);
  Matrix<float> fresh(2, 2);
  fresh[0, 0] = fresh[0, 1] = 99.5F;
  fresh[1, 0] = fresh[1, 1] = 5000.0F;
  const auto found = hdbscan_predict(*fitted, x.view(), fresh.view(), options, run);
  ASSERT_TRUE(found);
  EXPECT_GE(found->labels[0], 0);
  EXPECT_GT(found->strength[0], 0.2F);
  EXPECT_EQ(found->labels[1], -1);
  EXPECT_EQ(found->strength[1], 0.0F);
}

TEST(HdbscanPredict, ComparesShapesWithTheFit) {
  RunContext run;
  const Matrix<float> x = two_blobs(20, 2);
  const auto fitted = hdbscan(x.view(), {}, {}, run);
  ASSERT_TRUE(fitted);
  EXPECT_FALSE(hdbscan_predict(*fitted, x.view().rows(0, 9), x.view(), {}, run));
  EXPECT_FALSE(hdbscan_predict(*fitted, x.view(), Matrix<float>(3, 5).view(), {}, run));
  const auto none = hdbscan_predict(*fitted, x.view(), MatrixView<const float>{}, {}, run);
  ASSERT_TRUE(none);
  EXPECT_THAT(none->labels, IsEmpty());
}

}  // namespace
}  // namespace topograph
