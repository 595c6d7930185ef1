#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <thread>
#include <vector>

#include "topograph/cluster/communities.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

constexpr int kGroups = 12;

/// A planted partition: vertex v is in group v % 12; most edges stay inside a group.
FuzzyGraph planted_graph(std::uint64_t seed, int n) {
  const RandomKey key = random_key(seed, "test.graph");
  std::map<std::pair<int, int>, float> entries;
  for (int v = 0; v < n; ++v) {
    for (int draw = 0; draw < 12; ++draw) {
      const auto item = static_cast<std::uint64_t>(v);
      const auto counter = static_cast<std::uint64_t>(3 * draw);
      int u = static_cast<int>(uniform_below(key, item, counter, static_cast<std::uint64_t>(n)));
      if (uniform(key, item, counter + 1) < 0.8) u = u - u % kGroups + v % kGroups;
      if (u == v || u >= n) continue;
      const float weight = 0.05F + 0.95F * static_cast<float>(uniform(key, item, counter + 2));
      entries[{v, u}] = weight;
      entries[{u, v}] = weight;
    }
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

void expect_equal(const Communities& a, const Communities& b) {
  EXPECT_EQ(a.base.labels, b.base.labels);
  EXPECT_EQ(a.base.strength, b.base.strength);
  EXPECT_EQ(a.quality, b.quality);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    EXPECT_EQ(a.layers[i].labels, b.layers[i].labels);
  }
}

TEST(CommunitiesProperty, ThreadsDoNotChangeABit) {
  const FuzzyGraph graph = planted_graph(1, 9000);
  RunContext one({.threads = 1, .seed = 7});
  const auto expected = communities(graph, {}, {}, one);
  ASSERT_TRUE(expected);
  EXPECT_GE(expected->base.n_clusters, kGroups / 2);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads, .seed = 7});
    const auto result = communities(graph, {}, {}, run);
    ASSERT_TRUE(result);
    expect_equal(*expected, *result);
  }
}

TEST(CommunitiesProperty, CallsAtTheSameTimeDoNotDisturbEachOther) {
  const FuzzyGraph graph = planted_graph(2, 3000);
  std::vector<Communities> results(4);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < results.size(); ++i) {
    callers.emplace_back([&, i] {
      RunContext run({.threads = 1, .seed = i / 2});
      auto result = communities(graph, {}, {}, run);
      if (result) results[i] = *std::move(result);
    });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_EQ(results[0].base.labels.size(), 3000U);
  expect_equal(results[0], results[1]);
  expect_equal(results[2], results[3]);
}

TEST(CommunitiesProperty, EveryLayerIsAUnionOfTheNextAndNoTopicIsTooSmall) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const CommunitiesOptions options{.min_size = 20, .n_layers = 6};
    RunContext run({.seed = seed});
    const auto result = communities(planted_graph(seed, 2000), {}, options, run);
    ASSERT_TRUE(result);
    for (std::size_t i = 0; i < result->layers.size(); ++i) {
      const CommunityLayer& layer = result->layers[i];
      std::map<int, int> size;
      std::map<int, int> parent;
      for (std::size_t v = 0; v < layer.labels.size(); ++v) {
        ++size[layer.labels[v]];
        if (i == 0) continue;
        const int above = result->layers[i - 1].labels[v];
        const auto [at, is_new] = parent.try_emplace(layer.labels[v], above);
        ASSERT_EQ(at->second, above);
      }
      EXPECT_EQ(static_cast<int>(size.size()), layer.n_clusters);
      for (const auto& [label, count] : size) EXPECT_GE(count, options.min_size);
    }
  }
}

/// Number of connected pieces of every label's members, added up.
int count_pieces(const FuzzyGraph& graph, const std::vector<std::int32_t>& labels) {
  const auto edges = graph.edges.view();
  std::vector<bool> is_seen(labels.size(), false);
  int n_pieces = 0;
  for (std::size_t start = 0; start < labels.size(); ++start) {
    if (is_seen[start]) continue;
    ++n_pieces;
    std::vector<std::size_t> open{start};
    is_seen[start] = true;
    while (!open.empty()) {
      const std::size_t v = open.back();
      open.pop_back();
      for (const std::int32_t column : edges.row_columns(v)) {
        const auto u = static_cast<std::size_t>(column);
        if (is_seen[u] || labels[u] != labels[v]) continue;
        is_seen[u] = true;
        open.push_back(u);
      }
    }
  }
  return n_pieces;
}

TEST(CommunitiesProperty, EveryCommunityIsConnected) {
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    for (const double resolution : {0.5, 8.0}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", resolution " << resolution);
      const FuzzyGraph graph = planted_graph(seed, seed == 0 ? 1500 : 4500);
      RunContext run({.seed = seed});
      const auto result =
          communities(graph, {}, {.resolution = resolution, .n_iterations = 1, .min_size = 1}, run);
      ASSERT_TRUE(result);
      for (const CommunityLayer& layer : result->layers) {
        EXPECT_EQ(count_pieces(graph, layer.labels), layer.n_clusters);
      }
    }
  }
}

/// Every point v becomes copies[v] points, each with its share of the memberships.
FuzzyGraph spread_copies(const FuzzyGraph& graph, const std::vector<std::int32_t>& copies,
                         std::vector<std::size_t>& original) {
  std::vector<std::int32_t> first;
  original.clear();
  for (std::size_t v = 0; v < copies.size(); ++v) {
    first.push_back(static_cast<std::int32_t>(original.size()));
    original.insert(original.end(), static_cast<std::size_t>(copies[v]), v);
  }
  FuzzyGraph spread;
  spread.edges.n_cols = original.size();
  for (const std::size_t v : original) {
    const auto columns = graph.edges.view().row_columns(v);
    const auto values = graph.edges.view().row_values(v);
    for (std::size_t e = 0; e < columns.size(); ++e) {
      const auto u = static_cast<std::size_t>(columns[e]);
      const double share = 0.5 / copies[v] + 0.5 / copies[u];
      for (std::int32_t copy = 0; copy < copies[u]; ++copy) {
        spread.edges.columns.push_back(first[u] + copy);
        spread.edges.values.push_back(static_cast<float>(share * static_cast<double>(values[e])));
      }
    }
    spread.edges.offsets.push_back(static_cast<std::int64_t>(spread.edges.columns.size()));
  }
  return spread;
}

TEST(CommunitiesProperty, APointOfThreeDocumentsCountsAsThreePoints) {
  for (const auto objective : {CommunityObjective::modularity, CommunityObjective::cpm}) {
    const CommunitiesOptions options{.objective = objective,
                                     .resolution = objective == CommunityObjective::cpm ? .005 : 1,
                                     .n_iterations = 10,
                                     .min_size = 1,
                                     .n_layers = 0};
    const FuzzyGraph graph = planted_graph(5, 1200);
    std::vector<std::int32_t> copies(1200, 1);
    for (std::size_t v = 0; v < copies.size(); v += 7) copies[v] = 3;
    std::vector<std::size_t> original;
    const FuzzyGraph spread = spread_copies(graph, copies, original);
    RunContext run;
    const auto folded = communities(graph, copies, options, run);
    const auto whole = communities(spread, {}, options, run);
    ASSERT_TRUE(folded && whole);
    EXPECT_EQ(folded->base.n_clusters, whole->base.n_clusters);
    EXPECT_NEAR(folded->quality, whole->quality, 1e-3);
    std::size_t n_same = 0;
    for (std::size_t i = 0; i < original.size(); ++i) {
      n_same += folded->base.labels[original[i]] == whole->base.labels[i] ? 1U : 0U;
    }
    EXPECT_GT(n_same, original.size() * 98 / 100);
  }
}

TEST(CommunitiesProperty, TheOrderOfPointsHardlyMatters) {
  const FuzzyGraph graph = planted_graph(6, 4800);
  const auto order = random_permutation(random_key(1, "test.order"), 4800);
  std::vector<std::int32_t> place(4800);
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  FuzzyGraph shuffled;
  shuffled.edges.n_cols = 4800;
  for (const std::int32_t v : order) {
    std::map<std::int32_t, float> row;
    const auto columns = graph.edges.view().row_columns(static_cast<std::size_t>(v));
    const auto values = graph.edges.view().row_values(static_cast<std::size_t>(v));
    for (std::size_t e = 0; e < columns.size(); ++e) {
      row[place[static_cast<std::size_t>(columns[e])]] = values[e];
    }
    for (const auto& [column, value] : row) {
      shuffled.edges.columns.push_back(column);
      shuffled.edges.values.push_back(value);
    }
    shuffled.edges.offsets.push_back(static_cast<std::int64_t>(shuffled.edges.columns.size()));
  }
  RunContext run;
  const auto expected = communities(graph, {}, {.n_layers = 0}, run);
  const auto result = communities(shuffled, {}, {.n_layers = 0}, run);
  ASSERT_TRUE(expected && result);
  EXPECT_EQ(expected->base.n_clusters, result->base.n_clusters);
  EXPECT_NEAR(expected->quality, result->quality, 1e-3);
}

TEST(CommunitiesProperty, FindsAPlantedPartition) {
  RunContext run;
  const auto result = communities(planted_graph(3, 3600), {}, {}, run);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->base.n_clusters, kGroups);
  std::map<std::pair<int, int>, int> together;
  for (std::size_t v = 0; v < 3600; ++v) {
    ++together[{static_cast<int>(v) % kGroups, result->base.labels[v]}];
  }
  int agreed = 0;
  for (const auto& [cell, count] : together) agreed += count > 150 ? count : 0;
  EXPECT_GT(agreed, 3500);
}

TEST(PredictCommunitiesProperty, ARowDoesNotDependOnItsBatch) {
  const RandomKey key = random_key(4, "test.knn");
  constexpr std::size_t kRows = 1500;
  constexpr std::size_t kNeighbors = 8;
  KnnGraph knn{Matrix<std::int32_t>(kRows, kNeighbors), Matrix<float>(kRows, kNeighbors)};
  std::vector<std::int32_t> labels(300);
  const std::vector<float> strength(300, 0.5F);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<std::int32_t>(uniform_below(key, i, 0, 6)) - 1;
  }
  for (std::size_t row = 0; row < kRows; ++row) {
    float distance = 0;
    for (std::size_t j = 0; j < kNeighbors; ++j) {
      knn.ids[row, j] = static_cast<std::int32_t>(uniform_below(key, row, 1 + 2 * j, 300));
      distance += static_cast<float>(uniform(key, row, 2 + 2 * j)) *
                  std::pow(10.0F, static_cast<float>(row % 5));
      knn.distances[row, j] = distance;
    }
  }
  RunContext three({.threads = 3});
  const auto whole = predict_communities(knn, labels, strength, three);
  ASSERT_TRUE(whole);
  RunContext one({.threads = 1});
  for (std::size_t row = 0; row < kRows; row += 37) {
    KnnGraph single{Matrix<std::int32_t>(1, kNeighbors), Matrix<float>(1, kNeighbors)};
    std::copy_n(knn.ids.row(row).begin(), kNeighbors, single.ids.data());
    std::copy_n(knn.distances.row(row).begin(), kNeighbors, single.distances.data());
    const auto alone = predict_communities(single, labels, strength, one);
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->labels[0], whole->labels[row]);
    EXPECT_EQ(alone->strength[0], whole->strength[row]);
  }
}

}  // namespace
}  // namespace topograph
