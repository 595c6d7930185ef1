#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/leiden/member_lists.hpp"
#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Splits every community into well-connected parts: starting alone, each of its vertices may join,
/// once, a part of the community that it has edges to, chosen at random with a probability that
/// grows with the gain. Parts are therefore connected.
///
/// @param labels  Dense communities; `lists` are their members in the order they are visited.
/// @return        Part of every vertex, dense, numbered by smallest members.
/// @error         cancelled.
/// @determinism   Bit-identical for any number of threads: communities are refined independently
///                and draws depend on the vertex only.
/// @source        Traag, Waltman & van Eck 2019, algorithm A.2 RefinePartition, MergeNodesSubset.
[[nodiscard]] Result<std::vector<std::int32_t>> refine_partition(
    const WeightedGraph& graph, double resolution, RandomKey key,
    std::span<const std::int32_t> labels, const MemberLists& lists, RunContext& run);

/// Splits every community into its connected components, numbered as above.
[[nodiscard]] std::vector<std::int32_t> split_disconnected(const WeightedGraph& graph,
                                                           std::span<const std::int32_t> labels);

}  // namespace topograph::detail
