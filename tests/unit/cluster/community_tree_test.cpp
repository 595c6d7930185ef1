#include "cluster/community_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace topograph::detail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A path 0 - 1 - 2 - 3 with weights 4, 1, 2 and vertices of weight 1.
OwnGraph path_graph() {
  OwnGraph graph;
  graph.vertex_weights.assign(4, 1.0);
  graph.edges = {.offsets = {0, 1, 3, 5, 6},
                 .columns = {1, 0, 2, 1, 3, 2},
                 .values = {4, 4, 1, 1, 2, 2},
                 .n_cols = 4};
  return graph;
}

const std::vector<std::int64_t> kDocuments{10, 20, 30, 40};

TEST(CommunityTree, JoinsThePairThatStaysTogetherLongestFirst) {
  RunContext run;
  const auto merges = merge_communities(path_graph().view(), kDocuments, {}, run);
  ASSERT_TRUE(merges);
  ASSERT_EQ(merges->size(), 3U);
  EXPECT_EQ((*merges)[0].kept, 0);
  EXPECT_EQ((*merges)[0].joined, 1);
  EXPECT_EQ((*merges)[0].resolution, 4.0);
  EXPECT_EQ((*merges)[0].n_moved, 10);
  EXPECT_EQ((*merges)[1].kept, 2);
  EXPECT_EQ((*merges)[1].resolution, 2.0);
  EXPECT_EQ((*merges)[2].resolution, 1.0 / 4.0);  // Weight 1 between two pairs of weight 2.
  EXPECT_EQ((*merges)[2].n_moved, 30);
}

TEST(CommunityTree, DoesNotJoinAcrossFences) {
  RunContext run;
  const std::vector<std::int32_t> fences{0, 1, 1, 1};
  const auto merges = merge_communities(path_graph().view(), kDocuments, fences, run);
  ASSERT_TRUE(merges);
  ASSERT_EQ(merges->size(), 2U);
  EXPECT_EQ((*merges)[0].resolution, 2.0);
  EXPECT_EQ((*merges)[1].resolution, 0.5);
}

TEST(CommunityTree, CutsNest) {
  RunContext run;
  const auto merges = merge_communities(path_graph().view(), kDocuments, {}, run);
  ASSERT_TRUE(merges);
  EXPECT_THAT(cut_merges(*merges, 4, 5.0), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(cut_merges(*merges, 4, 4.0), ElementsAre(0, 0, 2, 3));
  EXPECT_THAT(cut_merges(*merges, 4, 1.0), ElementsAre(0, 0, 2, 2));
  EXPECT_THAT(cut_merges(*merges, 4, 0.1), ElementsAre(0, 0, 0, 0));
}

TEST(CommunityTree, IsStableWhereNoMergeIsNear) {
  RunContext run;
  const auto merges = merge_communities(path_graph().view(), kDocuments, {}, run);
  ASSERT_TRUE(merges);
  EXPECT_EQ(stability_at(*merges, 0.8, 100), 1.0);
  EXPECT_DOUBLE_EQ(stability_at(*merges, 2.0, 100), 1 - 0.3);
  EXPECT_DOUBLE_EQ(stability_at(*merges, 2.83, 100),
                   1 - 0.1);  // The one at 2 is farther than sqrt(2).
}

TEST(CommunityTree, AcceptsNoCommunities) {
  RunContext run;
  const auto merges = merge_communities({}, {}, {}, run);
  ASSERT_TRUE(merges);
  EXPECT_THAT(*merges, IsEmpty());
}

}  // namespace
}  // namespace topograph::detail
