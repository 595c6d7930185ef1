#include "topograph/cluster/minibatch_kmeans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::HasSubstr;

Matrix<float> blobs(std::size_t n, std::size_t k) {
  const RandomKey key = random_key(5, "test.minibatch");
  Matrix<float> x(n, 4);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t c = 0; c < 4; ++c) {
      x[row, c] = static_cast<float>(30 * uniform(key, n + row % k, c) + normal(key, row, c));
    }
  }
  return x;
}

TEST(MinibatchKMeans, ComesCloseToKMeansInInertia) {
  RunContext run;
  const auto x = blobs(20000, 6);
  const auto whole = kmeans(x.view(), {}, {}, {.n_clusters = 6}, run);
  const auto found = minibatch_kmeans(MatrixRows(x.view()), {}, {.n_clusters = 6}, run);
  ASSERT_TRUE(whole && found) << to_string(found.error());
  EXPECT_EQ(found->clusters.n_clusters, 6);
  EXPECT_LT(found->inertia, 1.05 * whole->inertia);
  EXPECT_TRUE(found->has_converged);
}

TEST(MinibatchKMeans, LabelsAreTheNearestOfItsCenters) {
  RunContext run;
  const auto x = blobs(9000, 5);
  const auto found = minibatch_kmeans(MatrixRows(x.view()), {}, {.n_clusters = 5}, run);
  ASSERT_TRUE(found);
  const auto predicted = predict_centers(found->centers.view(), x.view(), false, run);
  ASSERT_TRUE(predicted);
  EXPECT_EQ(predicted->labels, found->clusters.labels);
  EXPECT_EQ(predicted->strength, found->clusters.strength);
}

TEST(MinibatchKMeans, ThreadsDoNotChangeABit) {
  const auto x = blobs(9000, 7);
  const MinibatchKMeansOptions options{.n_clusters = 7, .n_init = 2};
  RunContext one({.threads = 1});
  const auto expected = minibatch_kmeans(MatrixRows(x.view()), {}, options, one);
  ASSERT_TRUE(expected);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto found = minibatch_kmeans(MatrixRows(x.view()), {}, options, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->clusters.labels, expected->clusters.labels);
    EXPECT_EQ(found->clusters.strength, expected->clusters.strength);
    EXPECT_EQ(found->inertia, expected->inertia);
  }
}

TEST(MinibatchKMeans, EqualPointsAreOneCluster) {
  RunContext run;
  const Matrix<float> x(40, 3);
  const auto found = minibatch_kmeans(MatrixRows(x.view()), {}, {.n_clusters = 4}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 1);
}

TEST(MinibatchKMeans, NamesTheRowOfTheSourceThatIsNotFinite) {
  RunContext run;
  auto x = blobs(3000, 3);
  x[2345, 2] = std::numeric_limits<float>::quiet_NaN();
  const auto found = minibatch_kmeans(MatrixRows(x.view()), {}, {.n_clusters = 3}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("row 2345"));
  EXPECT_FALSE(minibatch_kmeans(MatrixRows(Matrix<float>(0, 3).view()), {}, {}, run));
}

}  // namespace
}  // namespace topograph
