#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "topograph/cluster/communities.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/run_context.hpp"

// A fuzzy graph of umap-learn and what python-igraph's Leiden reaches on it with 20 seeds
// (tools/reference/cluster_golden.py).
namespace topograph {
namespace {

FuzzyGraph read_graph(const ArrayFile& file) {
  const auto rows = *file.int32s("row");
  const auto columns = *file.int32s("column");
  const auto weights = *file.floats("weight");
  std::map<std::pair<std::int32_t, std::int32_t>, float> entries;
  for (std::size_t e = 0; e < rows.size(); ++e) {
    entries[{rows[e], columns[e]}] = weights[e];
    entries[{columns[e], rows[e]}] = weights[e];
  }
  FuzzyGraph graph;
  graph.edges.n_cols = 600;
  auto entry = entries.begin();
  for (std::int32_t row = 0; row < 600; ++row) {
    for (; entry != entries.end() && entry->first.first == row; ++entry) {
      graph.edges.columns.push_back(entry->first.second);
      graph.edges.values.push_back(entry->second);
    }
    graph.edges.offsets.push_back(static_cast<std::int64_t>(graph.edges.columns.size()));
  }
  return graph;
}

void expect_peer_quality(CommunitiesOptions options, const char* name) {
  const auto file =
      ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "cluster" / "communities.safetensors");
  ASSERT_TRUE(file);
  const FuzzyGraph graph = read_graph(*file);
  const auto peer = *file->doubles(name);
  const auto [peer_low, peer_high] = std::minmax_element(peer.begin(), peer.end());
  options.min_size = 1;  // Joining small communities costs quality.
  options.n_layers = 0;
  double sum = 0;
  constexpr int kSeeds = 20;
  for (int seed = 0; seed < kSeeds; ++seed) {
    RunContext run({.seed = static_cast<std::uint64_t>(seed)});
    const auto result = communities(graph, {}, options, run);
    ASSERT_TRUE(result);
    EXPECT_GE(result->quality, *peer_low - 2e-3) << "seed " << seed;
    EXPECT_LE(result->quality, *peer_high + 2e-3) << "seed " << seed;
    sum += result->quality;
  }
  double peer_mean = 0;
  for (const double value : peer) peer_mean += value / static_cast<double>(peer.size());
  EXPECT_NEAR(sum / kSeeds, peer_mean, 1e-3);
}

TEST(CommunitiesGolden, ReachesThePeersModularity) { expect_peer_quality({}, "modularity"); }

TEST(CommunitiesGolden, ReachesThePeersModularityAtAnotherResolution) {
  expect_peer_quality({.resolution = 2}, "modularity_2");
}

TEST(CommunitiesGolden, ReachesThePeersConstantPottsModel) {
  expect_peer_quality({.objective = CommunityObjective::cpm, .resolution = 0.05}, "cpm");
}

}  // namespace
}  // namespace topograph
