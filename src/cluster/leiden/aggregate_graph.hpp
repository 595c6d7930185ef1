#pragma once

#include <cstdint>
#include <span>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// One vertex a community, weights added up; edges inside a community are left out. Columns come
/// in the order in which members, ascending, meet them.
///
/// @param labels  Dense, 0..n_communities-1.
/// @error         cancelled.
/// @determinism   Bit-identical for any number of threads.
[[nodiscard]] Result<OwnGraph> aggregate_graph(const WeightedGraph& graph,
                                               std::span<const std::int32_t> labels,
                                               std::int32_t n_communities, RunContext& run);

/// The same vertices with only the edges inside a community.
[[nodiscard]] Result<OwnGraph> cut_between(const WeightedGraph& graph,
                                           std::span<const std::int32_t> labels, RunContext& run);

}  // namespace topograph::detail
