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
