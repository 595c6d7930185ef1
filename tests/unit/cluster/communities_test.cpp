#include "topograph/cluster/communities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include <map>
#include <set>
#include <stop_token>
#include <tuple>
#include <utility>
#include <vector>

#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Edges = std::vector<std::tuple<int, int, float>>;

FuzzyGraph graph_of(int n, const Edges& edges) {
  std::map<std::pair<int, int>, float> entries;
  for (const auto& [a, b, weight] : edges) {
    entries[{a, b}] = weight;
    entries[{b, a}] = weight;
  }
  FuzzyGraph graph;
  graph.edges.n_cols = static_cast<std::size_t>(n);
  auto entry = entries.begin();
  for (int row = 0; row < n; ++row) {
    for (; entry != entries.end() && entry->first.first == row; ++entry) {
      graph.edges.columns.push_back(entry->first.second);
      graph.edges.values.push_back(entry->second);
    }
    graph.edges.offsets.push_back(static_cast<std::int64_t>(graph.edges.columns.size()));
  }
  return graph;
}

/// Adds every edge among `members`.
void add_clique(Edges& edges, const std::vector<int>& members, float weight = 1.0F) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      edges.emplace_back(members[i], members[j], weight);
    }
  }
}

/// Two cliques of 5 joined by one edge between 4 and 5.
FuzzyGraph two_cliques() {
  Edges edges;
  add_clique(edges, {0, 1, 2, 3, 4});
  add_clique(edges, {5, 6, 7, 8, 9});
  edges.emplace_back(4, 5, 1.0F);
  return graph_of(10, edges);
}

TEST(Communities, SplitsTwoCliquesThatShareOneEdge) {
  RunContext run;
  const auto result = communities(two_cliques(), {}, {}, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->base.labels, ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
  EXPECT_EQ(result->base.n_clusters, 2);
  EXPECT_FLOAT_EQ(result->base.strength[0], 1.0F);
  EXPECT_FLOAT_EQ(result->base.strength[4], 0.8F);
  // 20 of 21 edges inside, each side with half the strength: 20/21 - 2 (1/2)^2.
  EXPECT_NEAR(result->quality, 20.0 / 21.0 - 0.5, 1e-12);
}

TEST(Communities, NumbersByDocumentsNotByPoints) {
  RunContext run;
  const std::vector<std::int32_t> weights{1, 1, 1, 1, 1, 1, 1, 1, 1, 2};
  const auto result = communities(two_cliques(), weights, {}, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->base.labels, ElementsAre(1, 1, 1, 1, 1, 0, 0, 0, 0, 0));
}

TEST(Communities, JoinsASmallCommunityToItsStrongestNeighbor) {
  Edges edges;
  add_clique(edges, {0, 1, 2, 3, 4});
  add_clique(edges, {5, 6, 7, 8, 9});
  add_clique(edges, {10, 11, 12});
  edges.emplace_back(12, 0, 0.1F);
  edges.emplace_back(12, 5, 0.2F);
  RunContext run;
  const auto joined = communities(graph_of(13, edges), {}, {.n_layers = 0}, run);
  const auto apart = communities(graph_of(13, edges), {}, {.min_size = 3, .n_layers = 0}, run);
  ASSERT_TRUE(joined && apart);
  EXPECT_EQ(apart->base.n_clusters, 3);
  EXPECT_THAT(joined->base.labels, ElementsAre(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(Communities, CountsFoldedDuplicatesInMinSize) {
  Edges edges;
  add_clique(edges, {0, 1, 2, 3, 4});
  add_clique(edges, {5, 6, 7});
  edges.emplace_back(0, 5, 0.1F);
  const std::vector<std::int32_t> weights{1, 1, 1, 1, 1, 3, 1, 1};
  RunContext run;
  const auto result = communities(graph_of(8, edges), weights, {}, run);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->base.n_clusters, 2);
}

TEST(Communities, SetsAsideAComponentTooSmallToBeATopic) {
  Edges edges;
  add_clique(edges, {0, 1, 2, 3, 4});
  edges.emplace_back(5, 6, 1.0F);
  RunContext run;
  const auto result = communities(graph_of(8, edges), {}, {}, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->base.labels, ElementsAre(0, 0, 0, 0, 0, -1, -1, -1));
  EXPECT_EQ(result->base.strength[5], 0.0F);
  EXPECT_EQ(result->base.strength[7], 0.0F);
}

TEST(Communities, KeepsAPointWithoutEdgesThatStandsForEnoughDocuments) {
  Edges edges;
  add_clique(edges, {0, 1, 2, 3, 4});
  const std::vector<std::int32_t> weights{1, 1, 1, 1, 1, 9};
  RunContext run;
  const auto result = communities(graph_of(6, edges), weights, {}, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->base.labels, ElementsAre(1, 1, 1, 1, 1, 0));
  EXPECT_EQ(result->base.strength[5], 1.0F);
}

TEST(Communities, TurnsWeakMembersIntoNoise) {
  RunContext run;
  const auto result = communities(two_cliques(), {}, {.min_strength = 0.9F}, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->base.labels, ElementsAre(0, 0, 0, 0, -1, -1, 1, 1, 1, 1));
  EXPECT_EQ(result->base.strength[4], 0.0F);
  for (const CommunityLayer& layer : result->layers) EXPECT_EQ(layer.labels[4], -1);
}

TEST(Communities, GivesMoreCommunitiesForALargerResolution) {
  RunContext run;
  const auto coarse = communities(two_cliques(), {}, {.resolution = 0.01}, run);
  const auto fine = communities(two_cliques(), {}, {.resolution = 20.0, .min_size = 1}, run);
  ASSERT_TRUE(coarse && fine);
  EXPECT_EQ(coarse->base.n_clusters, 1);
  EXPECT_EQ(fine->base.n_clusters, 10);
}

TEST(Communities, MaximizesTheConstantPottsModelWhenAsked) {
  const CommunitiesOptions options{.objective = CommunityObjective::cpm, .resolution = 0.5};
  RunContext run;
  const auto result = communities(two_cliques(), {}, options, run);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->base.n_clusters, 2);
  // (2 * 20 - 0.5 * (5^2 + 5^2)) / (2 * 21)
  EXPECT_NEAR(result->quality, 15.0 / 42.0, 1e-12);
}

/// A ring of 8 cliques in 4 pairs, the pairs linked less than the cliques of a pair.
FuzzyGraph nested_cliques() {
  Edges edges;
  for (int c = 0; c < 8; ++c) {
    std::vector<int> members(6);
    for (int i = 0; i < 6; ++i) members[static_cast<std::size_t>(i)] = 6 * c + i;
    add_clique(edges, members);
    const float weight = c % 2 == 0 ? 0.9F : 0.5F;
    for (int i = 0; i < 6; ++i) edges.emplace_back(6 * c + i, (6 * c + 6 + i) % 48, weight);
  }
  return graph_of(48, edges);
}

TEST(Communities, LayersNestFromCoarseToFineWithTheBaseAmongThem) {
  RunContext run;
  const auto result = communities(nested_cliques(), {}, {.n_layers = 6}, run);
  ASSERT_TRUE(result);
  ASSERT_GE(result->layers.size(), 3U);
  bool has_base = false;
  for (std::size_t i = 0; i < result->layers.size(); ++i) {
    const CommunityLayer& layer = result->layers[i];
    has_base = has_base || (layer.labels == result->base.labels && layer.resolution == 1.0);
    if (i == 0) continue;
    const CommunityLayer& coarser = result->layers[i - 1];
    EXPECT_LT(coarser.n_clusters, layer.n_clusters);
    EXPECT_LT(coarser.resolution, layer.resolution);
    std::map<int, std::set<int>> parents;
    for (std::size_t v = 0; v < layer.labels.size(); ++v) {
      parents[layer.labels[v]].insert(coarser.labels[v]);
    }
    for (const auto& [label, above] : parents) EXPECT_EQ(above.size(), 1U) << "label " << label;
  }
  EXPECT_TRUE(has_base);
}

TEST(Communities, KeepsOnlyTheBaseLayerWhenNoneIsAsked) {
  RunContext run;
  const auto result = communities(nested_cliques(), {}, {.n_layers = 0}, run);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->layers.size(), 1U);
  EXPECT_EQ(result->layers[0].labels, result->base.labels);
}

TEST(Communities, AcceptsAnEmptyGraphAndOneWithoutEdges) {
  RunContext run;
  const auto empty = communities(FuzzyGraph{}, {}, {}, run);
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->base.labels, IsEmpty());
  EXPECT_EQ(empty->base.n_clusters, 0);
  const auto lonely = communities(graph_of(3, {}), {}, {.min_size = 1}, run);
  ASSERT_TRUE(lonely);
  EXPECT_THAT(lonely->base.labels, ElementsAre(0, 1, 2));
  EXPECT_THAT(lonely->base.strength, Each(1.0F));
  EXPECT_EQ(lonely->quality, 0.0);
}

TEST(Communities, NamesWhatIsWrongWithItsInput) {
  RunContext run;
  const auto option = communities(two_cliques(), {}, {.resolution = 0}, run);
  ASSERT_FALSE(option);
  EXPECT_EQ(option.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(option.error().subject, Subject::option);

  const std::vector<std::int32_t> short_weights{1, 2};
  const auto mismatch = communities(two_cliques(), short_weights, {}, run);
  ASSERT_FALSE(mismatch);
  EXPECT_THAT(mismatch.error().message, HasSubstr("expected 10 document counts, found 2"));

  const std::vector<std::int32_t> zero{1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
  const auto no_document = communities(two_cliques(), zero, {}, run);
  ASSERT_FALSE(no_document);
  EXPECT_EQ(no_document.error().where, "row 3");

  FuzzyGraph broken = two_cliques();
  broken.edges.values[0] = std::numeric_limits<float>::quiet_NaN();
  const auto nan = communities(broken, {}, {}, run);
  ASSERT_FALSE(nan);
  EXPECT_EQ(nan.error().where, "row 0");

  broken = two_cliques();
  broken.edges.values[0] = -1.0F;
  EXPECT_FALSE(communities(broken, {}, {}, run));

  broken = two_cliques();
  broken.edges.columns[0] = 0;
  const auto loop = communities(broken, {}, {}, run);
  ASSERT_FALSE(loop);
  EXPECT_THAT(loop.error().message, HasSubstr("no edge from a point to itself"));

  broken = two_cliques();
  broken.edges.columns[3] = 10;
  const auto outside = communities(broken, {}, {}, run);
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().message, HasSubstr("one of 10 points, found one to 10"));
}

TEST(Communities, AcceptsOnePoint) {
  RunContext run;
  const auto aside = communities(graph_of(1, {}), {}, {}, run);
  const auto alone = communities(graph_of(1, {}), {}, {.min_size = 1}, run);
  ASSERT_TRUE(aside && alone);
  EXPECT_THAT(aside->base.labels, ElementsAre(-1));
  EXPECT_THAT(alone->base.labels, ElementsAre(0));
}

TEST(Communities, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  RunContext run({.stop = source.get_token()});
  const auto result = communities(two_cliques(), {}, {}, run);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

KnnGraph knn_of(std::size_t k, const std::vector<std::int32_t>& ids,
                const std::vector<float>& distances) {
  KnnGraph knn{Matrix<std::int32_t>(ids.size() / k, k), Matrix<float>(ids.size() / k, k)};
  std::copy(ids.begin(), ids.end(), knn.ids.data());
  std::copy(distances.begin(), distances.end(), knn.distances.data());
  return knn;
}

const std::vector<std::int32_t> kLabels{0, 0, 1, 1, 1, -1};
const std::vector<float> kStrength{0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.0F};

TEST(PredictCommunities, TakesTheLabelWithMostMembership) {
  RunContext run;
  // Equal distances give equal memberships: two of three neighbours are in community 1.
  const auto result =
      predict_communities(knn_of(3, {0, 2, 3}, {1.0F, 1.0F, 1.0F}), kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, ElementsAre(1));
  EXPECT_FLOAT_EQ(result->strength[0], 2.0F / 3.0F);
}

TEST(PredictCommunities, WeighsNearNeighborsMore) {
  RunContext run;
  // rho = 1; the memberships 1, w, w sum to log2(4) = 2: the two far ones hold 1/2 each.
  const auto result =
      predict_communities(knn_of(3, {0, 2, 5}, {1.0F, 2.0F, 2.0F}), kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, ElementsAre(0));
  EXPECT_NEAR(result->strength[0], 0.5F, 1e-5F);
}

TEST(PredictCommunities, BreaksTiesBySmallerLabel) {
  RunContext run;
  const auto result = predict_communities(knn_of(2, {2, 0}, {1.0F, 1.0F}), kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, ElementsAre(0));
  EXPECT_FLOAT_EQ(result->strength[0], 0.5F);
}

TEST(PredictCommunities, GivesATrainingPointsCopyItsLabelAndStrength) {
  RunContext run;
  const auto result = predict_communities(knn_of(3, {1, 2, 3, 5, 0, 1}, {0, 0.1F, 0.1F, 0, 1, 1}),
                                          kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, ElementsAre(0, -1));
  EXPECT_THAT(result->strength, ElementsAre(0.8F, 0.0F));
}

TEST(PredictCommunities, GivesNoiseTheStrengthZero) {
  RunContext run;
  const auto result = predict_communities(knn_of(1, {5}, {0.5F}), kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, ElementsAre(-1));
  EXPECT_THAT(result->strength, ElementsAre(0.0F));
}

TEST(PredictCommunities, RejectsIdsAndDistancesThatCannotBe) {
  RunContext run;
  const auto id = predict_communities(knn_of(1, {0, 6}, {1, 1}), kLabels, kStrength, run);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().where, "row 1");
  const auto distance = predict_communities(knn_of(1, {0}, {-1}), kLabels, kStrength, run);
  EXPECT_FALSE(distance);
  const auto order = predict_communities(knn_of(2, {0, 1}, {2, 1}), kLabels, kStrength, run);
  EXPECT_FALSE(order);
}

TEST(PredictCommunities, AcceptsNoPoints) {
  RunContext run;
  const auto result = predict_communities(KnnGraph{}, kLabels, kStrength, run);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->labels, IsEmpty());
}

}  // namespace
}  // namespace topograph
