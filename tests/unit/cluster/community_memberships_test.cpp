#include "topograph/cluster/community_memberships.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace topograph {
namespace {

/// 0 - 1 of weight 3, 1 - 2 of weight 1, 1 - 3 of weight 1; 4 alone.
FuzzyGraph small_graph() {
  FuzzyGraph graph;
  graph.edges = {.offsets = {0, 1, 4, 5, 6, 6},
                 .columns = {1, 0, 2, 3, 1, 1},
                 .values = {3, 3, 1, 1, 1, 1},
                 .n_cols = 5};
  return graph;
}

TEST(CommunityMemberships, AreSharesOfTheEdgeWeight) {
  RunContext run;
  const std::vector<std::int32_t> labels{0, 0, 1, -1, 1};
  const auto rows = community_memberships(small_graph(), labels, 2, 2, run);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->k(), 2U);
  EXPECT_EQ((rows->clusters[1, 0]), 0);
  EXPECT_FLOAT_EQ((rows->values[1, 0]), 0.6F);
  EXPECT_EQ((rows->clusters[1, 1]), 1);
  EXPECT_FLOAT_EQ((rows->values[1, 1]), 0.2F);
  EXPECT_FLOAT_EQ(rows->noise[1], 0.2F);
}

TEST(CommunityMemberships, AgreeWithTheLabels) {
  RunContext run;
  // 2 sees only community 0 but is in 1; 3 sees only community 0 but is an outsider.
  const std::vector<std::int32_t> labels{0, 0, 1, -1, 1};
  const auto rows = community_memberships(small_graph(), labels, 2, 2, run);
  ASSERT_TRUE(rows);
  EXPECT_EQ((rows->clusters[2, 0]), 1);
  EXPECT_EQ((rows->clusters[2, 1]), 0);
  EXPECT_GT((rows->values[2, 0]), (rows->values[2, 1]));
  EXPECT_GE(rows->noise[3], (rows->values[3, 0]));
}

TEST(CommunityMemberships, OfAPointWithoutEdgesAreItsOwn) {
  RunContext run;
  const std::vector<std::int32_t> labels{0, 0, 1, -1, 1};
  const auto rows = community_memberships(small_graph(), labels, 2, 5, run);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->k(), 2U);
  EXPECT_EQ((rows->clusters[4, 0]), 1);
  EXPECT_FLOAT_EQ((rows->values[4, 0]), 1.0F);
  EXPECT_FLOAT_EQ(rows->noise[4], 0.0F);
}

TEST(CommunityMemberships, RefuseToKeepNone) {
  RunContext run;
  const auto rows =
      community_memberships(small_graph(), std::vector<std::int32_t>(5, 0), 1, 0, run);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::invalid_argument);
}

TEST(CommunityMemberships, OfNewPointsFollowTheirNeighbors) {
  RunContext run;
  const std::vector<std::int32_t> training_labels{0, 0, 1, -1, 1};
  const auto training = community_memberships(small_graph(), training_labels, 2, 2, run);
  ASSERT_TRUE(training);
  KnnGraph neighbors{Matrix<std::int32_t>(2, 3), Matrix<float>(2, 3)};
  std::ranges::copy(std::vector<std::int32_t>{0, 2, 3, 1, 0, 2}, neighbors.ids.data());
  std::ranges::copy(std::vector<float>{1, 1, 1, 0, 1, 2}, neighbors.distances.data());
  const auto rows = predict_community_memberships(neighbors, training_labels, *training,
                                                  std::vector<std::int32_t>{0, 0}, 2, run);
  ASSERT_TRUE(rows);
  EXPECT_EQ((rows->clusters[0, 0]), 0);
  EXPECT_NEAR((rows->values[0, 0]), 1.0 / 3.0, 1e-3);
  EXPECT_NEAR((rows->values[0, 1]), 1.0 / 3.0, 1e-3);
  EXPECT_FLOAT_EQ((rows->values[1, 0]), (training->values[1, 0]));  // At distance 0 from point 1.
  EXPECT_FLOAT_EQ(rows->noise[1], training->noise[1]);
}

}  // namespace
}  // namespace topograph
