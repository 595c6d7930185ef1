// A set of vertices S of weight W_S inside a community C of weight W_C is well connected when
//   w(S, C - S) >= resolution * W_S * (W_C - W_S)
// Only such parts are joined, and only by such vertices.
#include "cluster/leiden/refine_partition.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <utility>

#include "cluster/leiden/neighbor_sums.hpp"
#include "cluster/union_find.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

/// Gains this far apart differ in probability by a factor e (the paper's and igraph's theta).
constexpr double kTheta = 0.01;
/// Members refined in one piece of parallel work, at least.
constexpr std::size_t kMembersPerBlock = 2048;

class Refiner {
 public:
  Refiner(const WeightedGraph& graph, double resolution, RandomKey key,
          std::span<const std::int32_t> labels)
      : graph_(graph),
        resolution_(resolution),
        key_(key),
        labels_(labels),
        parts_(labels.size()),
        part_weight_(graph.vertex_weights.begin(), graph.vertex_weights.end()),
        part_links_(labels.size(), 0.0),
        is_alone_(labels.size(), 1) {
    std::iota(parts_.begin(), parts_.end(), 0);
  }

  /// Writes nothing but what belongs to `members`, all vertices of one community.
  void refine(std::span<const std::int32_t> members, NeighborSums& sums) {
    if (members.size() < 2) return;
    double total = 0;
    for (const std::int32_t v : members) {
      total += graph_.vertex_weights[idx(v)];
      part_links_[idx(v)] = links_inside(idx(v));
    }
    for (const std::int32_t v : members) join_a_part(idx(v), total, sums);
  }

  [[nodiscard]] std::vector<std::int32_t> take_parts() { return std::move(parts_); }

 private:
  [[nodiscard]] double links_inside(std::size_t v) const {
    const auto columns = graph_.edges.row_columns(v);
    const auto values = graph_.edges.row_values(v);
    double sum = 0;
    for (std::size_t e = 0; e < columns.size(); ++e) {
      if (labels_[idx(columns[e])] == labels_[v]) sum += static_cast<double>(values[e]);
    }
    return sum;
  }

  [[nodiscard]] bool is_well_connected(std::size_t part, double total) const {
    return part_links_[part] >= resolution_ * part_weight_[part] * (total - part_weight_[part]);
  }

  void join_a_part(std::size_t v, double total, NeighborSums& sums) {
    if (is_alone_[v] == 0 || !is_well_connected(v, total)) return;
    const auto columns = graph_.edges.row_columns(v);
    const auto values = graph_.edges.row_values(v);
    sums.clear();
    for (std::size_t e = 0; e < columns.size(); ++e) {
      const std::size_t u = idx(columns[e]);
      if (labels_[u] == labels_[v]) sums.add(parts_[u], static_cast<double>(values[e]));
    }
    const std::ptrdiff_t chosen = choose(v, total, sums);
    if (chosen < 0) return;
    const std::size_t part = idx(sums.label(idx(chosen)));
    parts_[v] = narrow<std::int32_t>(part);
    part_links_[part] += part_links_[v] - 2 * sums.weight(idx(chosen));
    part_weight_[part] += graph_.vertex_weights[v];
    is_alone_[part] = 0;
    is_alone_[v] = 0;
  }

  /// Index among `sums` of the part to join; -1: none helps.
  [[nodiscard]] std::ptrdiff_t choose(std::size_t v, double total, const NeighborSums& sums) {
    const double scaled = resolution_ * graph_.vertex_weights[v];
    const auto gain_of = [&](std::size_t i) {
      return sums.weight(i) - scaled * part_weight_[idx(sums.label(i))];
    };
    const auto is_choice = [&](std::size_t i) {
      return gain_of(i) >= 0 && is_well_connected(idx(sums.label(i)), total);
    };
    const std::size_t n = sums.size();
    double best = -1;
    for (std::size_t i = 0; i < n; ++i) {
      if (is_choice(i)) best = std::max(best, gain_of(i));
    }
    if (best < 0) return -1;
    const auto chance = [&](std::size_t i) { return std::exp((gain_of(i) - best) / kTheta); };
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (is_choice(i)) sum += chance(i);
    }
    double left = uniform(key_, v, 0) * sum;
    std::ptrdiff_t last = -1;
    for (std::size_t i = 0; i < n; ++i) {
      if (!is_choice(i)) continue;
      last = static_cast<std::ptrdiff_t>(i);
      left -= chance(i);
      if (left < 0) break;
    }
    return last;
  }

  const WeightedGraph& graph_;
  double resolution_;
  RandomKey key_;
  std::span<const std::int32_t> labels_;
  // A part is called after the vertex it began with.
  std::vector<std::int32_t> parts_;
  std::vector<double> part_weight_;
  std::vector<double> part_links_;  ///< Edge weight to the rest of the community.
  std::vector<std::uint8_t> is_alone_;
};

}  // namespace

Result<std::vector<std::int32_t>> refine_partition(const WeightedGraph& graph, double resolution,
                                                   RandomKey key,
                                                   std::span<const std::int32_t> labels,
                                                   const MemberLists& lists, RunContext& run) {
  Refiner refiner(graph, resolution, key, labels);
  const std::vector<std::size_t> cuts = cut_evenly(lists, kMembersPerBlock);
  std::vector<NeighborSums> sums(idx(run.threads()), NeighborSums(labels.size()));
  TG_TRY(parallel_blocks(run, cuts.size() - 1, 1, [&](const Block& block) {
    for (std::size_t c = cuts[block.begin]; c < cuts[block.begin + 1]; ++c) {
      refiner.refine(lists.of(c), sums[block.worker]);
    }
  }));
  std::vector<std::int32_t> parts = refiner.take_parts();
  std::ignore = number_densely(parts);
  return parts;
}

std::vector<std::int32_t> split_disconnected(const WeightedGraph& graph,
                                             std::span<const std::int32_t> labels) {
  UnionFind sets(labels.size());
  for (std::size_t v = 0; v < labels.size(); ++v) {
    for (const std::int32_t u : graph.edges.row_columns(v)) {
      if (labels[idx(u)] == labels[v]) sets.join(narrow<std::int32_t>(v), u);
    }
  }
  std::vector<std::int32_t> parts(labels.size());
  for (std::size_t v = 0; v < labels.size(); ++v) {
    parts[v] = sets.find(narrow<std::int32_t>(v));
  }
  std::ignore = number_densely(parts);
  return parts;
}

}  // namespace topograph::detail
