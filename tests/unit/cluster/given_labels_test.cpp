#include "topograph/cluster/given_labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::ElementsAre;

TEST(GivenLabels, AreNumberedBySizeWithTheMeansOfTheirMembers) {
  RunContext run;
  Matrix<float> x(5, 1);
  for (std::size_t i = 0; i < 5; ++i) x[i, 0] = static_cast<float>(i * i);
  const std::vector<std::int32_t> labels = {7, -5, 3, 3, 3};
  const auto found = given_labels(x.view(), {}, labels, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, ElementsAre(1, -1, 0, 0, 0));
  EXPECT_EQ(found->clusters.n_clusters, 2);
  EXPECT_NEAR((found->centers[0, 0]), 29.0 / 3, 1e-5);
  EXPECT_EQ((found->centers[1, 0]), 0);
  EXPECT_EQ(found->clusters.strength[0], 1);
  EXPECT_EQ(found->clusters.strength[1], 0);
}

TEST(GivenLabels, RefusesAnotherNumberOfLabels) {
  RunContext run;
  const Matrix<float> x(3, 2);
  EXPECT_FALSE(given_labels(x.view(), {}, std::vector<std::int32_t>{0, 1}, run));
}

}  // namespace
}  // namespace topograph
