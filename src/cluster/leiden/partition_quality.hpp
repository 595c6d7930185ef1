#pragma once

#include <cstdint>
#include <span>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Sum of the weights of all stored ends: 2 m.
[[nodiscard]] Result<double> total_end_weight(const WeightedGraph& graph, RunContext& run);

/// Score of a partition (see WeightedGraph) with labels in [0, n); 0 for a graph without edges.
/// @error cancelled. @determinism Bit-identical for any number of threads.
[[nodiscard]] Result<double> partition_quality(const WeightedGraph& graph, double resolution,
                                               std::span<const std::int32_t> labels,
                                               RunContext& run);

}  // namespace topograph::detail
