#include "topograph/cluster/dbscan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

Matrix<float> line(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  std::ranges::copy(values, x.data());
  return x;
}

TEST(Dbscan, JoinsDensePointsAndTheirNeighbours) {
  RunContext run;
  const auto x = line({0, 1, 2, 3, 20, 21, 22, 50});
  const auto found = dbscan(x.view(), {}, {.eps = 1, .min_samples = 3}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, ElementsAre(0, 0, 0, 0, 1, 1, 1, -1));
  EXPECT_THAT(found->is_core, ElementsAre(0, 1, 1, 0, 0, 1, 0, 0));
  EXPECT_FLOAT_EQ(found->clusters.strength[1], 1);
  EXPECT_FLOAT_EQ(found->clusters.strength[0], 2.0F / 3);
  EXPECT_EQ(found->clusters.strength[7], 0);
}

TEST(Dbscan, AnEdgePointBelongsToTheClusterOfTheSmallestDenseRow) {
  RunContext run;
  const auto x = line({4, 5, 5.5F, 6, 3, 2, 2.5F});  // 4 has 5 and 3 within 1
  const auto found = dbscan(x.view(), {}, {.eps = 1, .min_samples = 4}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->clusters.n_clusters, 2);
  EXPECT_EQ(found->is_core[0], 0);
  EXPECT_EQ(found->clusters.labels[0], found->clusters.labels[1]);
}

TEST(Dbscan, AWeightMakesAPointDense) {
  RunContext run;
  const auto x = line({0, 100});
  const auto found =
      dbscan(x.view(), std::vector<std::int32_t>{1, 5}, {.eps = 1, .min_samples = 5}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, ElementsAre(-1, 0));
}

TEST(Dbscan, PredictsTheClusterOfTheNearestDensePoint) {
  RunContext run;
  const auto x = line({0, 1, 2, 20, 21, 22});
  const DbscanOptions options{.eps = 1.5, .min_samples = 3};
  const auto fitted = dbscan(x.view(), {}, options, run);
  ASSERT_TRUE(fitted);
  const auto found =
      dbscan_predict(*fitted, x.view(), {}, line({1.2F, 22.4F, 40, 10}).view(), options, run);
  ASSERT_TRUE(found);
  // 22.4 is within 1.5 of the dense 21, too.
  EXPECT_THAT(found->labels, ElementsAre(0, 1, -1, -1));
  EXPECT_FLOAT_EQ(found->strength[0], 1);
  EXPECT_EQ(found->strength[2], 0);
}

TEST(Dbscan, EverythingMayBeNoiseOrOneCluster) {
  RunContext run;
  const auto noise = dbscan(line({0, 9, 18}).view(), {}, {}, run);
  ASSERT_TRUE(noise);
  EXPECT_EQ(noise->clusters.n_clusters, 0);
  EXPECT_THAT(noise->clusters.labels, Each(-1));
  const auto one = dbscan(Matrix<float>(9, 2).view(), {}, {}, run);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->clusters.n_clusters, 1);
  EXPECT_TRUE(dbscan(Matrix<float>(0, 2).view(), {}, {}, run));
}

TEST(Dbscan, NamesTheRowThatIsNotFinite) {
  RunContext run;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto found = dbscan(line({nan, 2}).view(), {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("row 0"));
}

}  // namespace
}  // namespace topograph
