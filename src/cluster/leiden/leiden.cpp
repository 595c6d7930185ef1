#include "cluster/leiden/leiden.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <utility>

#include "cluster/leiden/aggregate_graph.hpp"
#include "cluster/leiden/member_lists.hpp"
#include "cluster/leiden/move_vertices.hpp"
#include "cluster/leiden/refine_partition.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

/// Random streams of one level of one iteration.
struct LevelKeys {
  RandomKey move_order = {};
  RandomKey refine_order = {};
  RandomKey refine = {};
};

LevelKeys keys_of(std::uint64_t seed, int iteration, int level) {
  const RandomKey key = random_key(seed, "leiden");
  const auto item = static_cast<std::uint64_t>(iteration);
  const auto counter = 3 * static_cast<std::uint64_t>(level);
  return {RandomKey{random_bits(key, item, counter)},
          RandomKey{random_bits(key, item, counter + 1)},
          RandomKey{random_bits(key, item, counter + 2)}};
}

/// Parts of the communities, dense: fewer than vertices, or as many as communities.
Result<std::vector<std::int32_t>> find_parts(const WeightedGraph& graph, double resolution,
                                             const LevelKeys& keys,
                                             std::span<const std::int32_t> labels,
                                             std::int32_t n_communities, RunContext& run) {
  const auto order = random_permutation(keys.refine_order, labels.size());
  const MemberLists lists = list_members(labels, n_communities, order);
  TG_TRY(auto parts, refine_partition(graph, resolution, keys.refine, labels, lists, run));
  std::int32_t n_parts = 0;
  for (const std::int32_t part : parts) n_parts = std::max(n_parts, part + 1);
  // Nothing could be joined: go on with the communities, as far as they hang together.
  if (idx(n_parts) == labels.size()) parts = split_disconnected(graph, labels);
  return parts;
}

/// One pass over all levels, from the communities in `labels` to better ones.
Result<bool> iterate(const WeightedGraph& whole, const LeidenSettings& settings, int iteration,
                     std::vector<std::int32_t>& labels, RunContext& run) {
  OwnGraph own;
  WeightedGraph graph = whole;
  std::vector<std::int32_t> communities = labels;      // Of the vertices of `graph`.
  std::vector<std::int32_t> vertex_of(labels.size());  // Of `graph`, for those of `whole`.
  std::iota(vertex_of.begin(), vertex_of.end(), 0);
  bool has_moved = false;
  for (int level = 0;; ++level) {
    const LevelKeys keys = keys_of(settings.seed, iteration, level);
    TG_TRY(const bool moved,
           move_vertices(graph, settings.resolution, keys.move_order, communities, run));
    has_moved = has_moved || moved;
    const std::int32_t n_communities = number_densely(communities);
    if (idx(n_communities) == graph.n_vertices()) break;
    TG_TRY(const auto parts,
           find_parts(graph, settings.resolution, keys, communities, n_communities, run));
    std::int32_t n_parts = 0;
    for (const std::int32_t part : parts) n_parts = std::max(n_parts, part + 1);
    if (idx(n_parts) == graph.n_vertices()) {  // Every part is one vertex: nothing holds them.
      communities = parts;
      break;
    }
    std::vector<std::int32_t> next(idx(n_parts));
    for (std::size_t v = 0; v < parts.size(); ++v) next[idx(parts[v])] = communities[v];
    TG_TRY(OwnGraph smaller, aggregate_graph(graph, parts, n_parts, run));
    own = std::move(smaller);
    graph = own.view();
    communities = std::move(next);
    for (std::int32_t& vertex : vertex_of) vertex = parts[idx(vertex)];
  }
  for (std::size_t v = 0; v < labels.size(); ++v) labels[v] = communities[idx(vertex_of[v])];
  return has_moved;
}

}  // namespace

Result<std::vector<std::int32_t>> leiden(const WeightedGraph& graph, const LeidenSettings& settings,
                                         RunContext& run, std::span<const std::int32_t> start) {
  TG_EXPECTS(start.empty() || start.size() == graph.n_vertices());
  std::vector<std::int32_t> labels(graph.n_vertices());
  if (start.empty()) {
    std::iota(labels.begin(), labels.end(), 0);
  } else {
    labels.assign(start.begin(), start.end());
  }
  for (int iteration = 0; iteration < settings.n_iterations; ++iteration) {
    TG_TRY(const bool moved, iterate(graph, settings, iteration, labels, run));
    if (!moved) break;
  }
  std::ignore = number_densely(labels);
  return labels;
}

}  // namespace topograph::detail
