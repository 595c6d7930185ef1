#include "cluster/leiden/leiden.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stop_token>
#include <tuple>
#include <utility>
#include <vector>

#include "cluster/community_graph.hpp"
#include "cluster/leiden/aggregate_graph.hpp"
#include "cluster/leiden/member_lists.hpp"
#include "cluster/leiden/neighbor_sums.hpp"
#include "cluster/leiden/partition_quality.hpp"
#include "cluster/leiden/refine_partition.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Edges = std::vector<std::tuple<int, int, float>>;

Csr<float> csr_of(int n, const Edges& edges) {
  std::map<std::pair<int, int>, float> entries;
  for (const auto& [a, b, weight] : edges) {
    entries[{a, b}] = weight;
    entries[{b, a}] = weight;
  }
  Csr<float> rows;
  rows.n_cols = idx(n);
  auto entry = entries.begin();
  for (int row = 0; row < n; ++row) {
    for (; entry != entries.end() && entry->first.first == row; ++entry) {
      rows.columns.push_back(entry->first.second);
      rows.values.push_back(entry->second);
    }
    rows.offsets.push_back(narrow<std::int64_t>(rows.columns.size()));
  }
  return rows;
}

/// Two triangles joined by a weak edge, and vertex 6 alone.
Edges two_triangles() {
  return {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}, {3, 4, 1}, {3, 5, 1}, {4, 5, 1}, {2, 3, 0.5F}};
}

CommunityGraph modularity_graph(const Csr<float>& rows, RunContext& run) {
  auto graph = community_graph(rows.view(), {}, CommunityObjective::modularity, run);
  EXPECT_TRUE(graph);
  return *std::move(graph);
}

TEST(NeighborSums, KeepsTheOrderOfFirstMeeting) {
  NeighborSums sums(10);
  for (const auto& [label, weight] :
       std::vector<std::pair<int, double>>{{7, 1}, {2, 3}, {7, 0.5}}) {
    sums.add(label, weight);
  }
  ASSERT_EQ(sums.size(), 2U);
  EXPECT_EQ(sums.label(0), 7);
  EXPECT_EQ(sums.weight(0), 1.5);
  EXPECT_EQ(sums.label(1), 2);
  EXPECT_EQ(sums.weight_of(9), 0.0);
  sums.clear();
  EXPECT_EQ(sums.size(), 0U);
  EXPECT_EQ(sums.weight_of(7), 0.0);
}

TEST(MemberLists, FollowTheGivenOrder) {
  const std::vector<std::int32_t> labels{1, 0, 1, 1};
  const std::vector<std::int32_t> order{3, 1, 0, 2};
  const MemberLists lists = list_members(labels, 2, order);
  EXPECT_THAT(lists.of(0), ElementsAre(1));
  EXPECT_THAT(lists.of(1), ElementsAre(3, 0, 2));
}

TEST(AggregateGraph, AddsUpWeightsAndLeavesOutInnerEdges) {
  RunContext run;
  const Csr<float> rows = csr_of(7, two_triangles());
  const CommunityGraph graph = modularity_graph(rows, run);
  const std::vector<std::int32_t> labels{0, 0, 1, 1, 1, 1, 2};
  const auto whole = aggregate_graph(graph.view(), labels, 3, run);
  ASSERT_TRUE(whole);
  EXPECT_THAT(whole->vertex_weights, ElementsAre(4.0, 2.5 + 6.5, 0.0));
  EXPECT_THAT(whole->edges.offsets, ElementsAre(0, 1, 2, 2));
  EXPECT_THAT(whole->edges.columns, ElementsAre(1, 0));
  EXPECT_THAT(whole->edges.values, ElementsAre(2.0F, 2.0F));
}

TEST(PartitionQuality, EqualsModularityByHand) {
  RunContext run;
  const Csr<float> rows = csr_of(7, two_triangles());
  const CommunityGraph graph = modularity_graph(rows, run);
  const std::vector<std::int32_t> labels{0, 0, 0, 1, 1, 1, 2};
  const auto quality = partition_quality(graph.view(), graph.scale, labels, run);
  ASSERT_TRUE(quality);
  EXPECT_NEAR(*quality, 6.0 / 6.5 - 2 * (6.5 / 13) * (6.5 / 13), 1e-12);
}

TEST(RefinePartition, NeverJoinsWhatHasNoEdge) {
  RunContext run;
  const Csr<float> rows = csr_of(7, {{0, 1, 1}, {2, 3, 1}, {4, 5, 1}, {5, 6, 1}});
  const CommunityGraph graph = modularity_graph(rows, run);
  const std::vector<std::int32_t> together(7, 0);
  const auto parts =
      refine_partition(graph.view(), 1e-6, RandomKey{1}, together, list_members(together, 1), run);
  ASSERT_TRUE(parts);
  EXPECT_THAT(*parts, ElementsAre(0, 0, 1, 1, 2, 2, 2));
}

TEST(SplitDisconnected, NumbersComponentsOfEveryCommunity) {
  RunContext run;
  const Csr<float> rows = csr_of(6, {{0, 3, 1}, {1, 2, 1}, {4, 5, 1}});
  const CommunityGraph graph = modularity_graph(rows, run);
  EXPECT_THAT(split_disconnected(graph.view(), std::vector<std::int32_t>{0, 0, 1, 0, 1, 1}),
              ElementsAre(0, 1, 2, 0, 3, 3));
}

TEST(Leiden, FindsTrianglesAndLeavesTheLonelyAlone) {
  RunContext run;
  const Csr<float> rows = csr_of(7, two_triangles());
  const CommunityGraph graph = modularity_graph(rows, run);
  const auto labels = leiden(graph.view(), {.resolution = graph.scale}, run);
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, ElementsAre(0, 0, 0, 1, 1, 1, 2));
}

TEST(Leiden, KeepsAStartThatCannotBeBettered) {
  RunContext run;
  const Csr<float> rows = csr_of(7, two_triangles());
  const CommunityGraph graph = modularity_graph(rows, run);
  const std::vector<std::int32_t> start{5, 5, 5, 2, 2, 2, 0};
  const auto labels = leiden(graph.view(), {.resolution = graph.scale, .seed = 3}, run, start);
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, ElementsAre(0, 0, 0, 1, 1, 1, 2));
}

TEST(Leiden, TakesAStartApartThatDoesNotHangTogether) {
  RunContext run;
  const Csr<float> rows = csr_of(6, {{0, 1, 1}, {2, 3, 1}, {4, 5, 1}});
  const CommunityGraph graph = modularity_graph(rows, run);
  const std::vector<std::int32_t> start(6, 0);
  const auto labels = leiden(graph.view(), {.resolution = 0.001 * graph.scale}, run, start);
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, ElementsAre(0, 0, 1, 1, 2, 2));
}

TEST(Leiden, AcceptsNoVertices) {
  RunContext run;
  const auto labels = leiden({}, {}, run);
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, IsEmpty());
}

TEST(Leiden, StopsWhenAsked) {
  std::stop_source source;
  RunContext run({.stop = source.get_token()});
  const Csr<float> rows = csr_of(7, two_triangles());
  const CommunityGraph graph = modularity_graph(rows, run);
  source.request_stop();
  const auto labels = leiden(graph.view(), {}, run);
  ASSERT_FALSE(labels);
  EXPECT_EQ(labels.error().code, ErrorCode::cancelled);
}

TEST(CommunityGraph, CountsEveryCopyOfAPoint) {
  RunContext run;
  const Csr<float> rows = csr_of(3, {{0, 1, 0.5F}, {1, 2, 1.0F}});
  const std::vector<std::int32_t> documents{3, 1, 1};
  const auto potts = community_graph(rows.view(), documents, CommunityObjective::cpm, run);
  const auto modularity =
      community_graph(rows.view(), documents, CommunityObjective::modularity, run);
  ASSERT_TRUE(potts && modularity);
  EXPECT_THAT(potts->vertex_weights, ElementsAre(3.0, 1.0, 1.0));
  EXPECT_THAT(potts->values, ElementsAre(1.0F, 1.0F, 1.0F, 1.0F));
  EXPECT_THAT(modularity->vertex_weights, ElementsAre(1.0, 2.0, 1.0));
  EXPECT_NEAR(modularity->scale, 1.0 / 4.0, 1e-15);
}

}  // namespace
}  // namespace topograph::detail
