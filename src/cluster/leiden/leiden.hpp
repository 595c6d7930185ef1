#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

struct LeidenSettings {
  double resolution = 1;  ///< Factor of the product of vertex weights, already scaled.
  int n_iterations = 2;   ///< At most; a pass that moves nothing is the last.
  std::uint64_t seed = 0;
};

/// Communities that score high (see WeightedGraph), by the Leiden algorithm: move vertices, refine
/// the communities into well-connected parts, continue on the graph of parts; a further iteration
/// starts from the communities of the one before.
///
/// @param start  Communities to start from, numbers in [0, n); empty: every vertex alone.
/// @return       Labels, dense, numbered by smallest members. Every community is connected.
/// @error        cancelled.
/// @determinism  Bit-identical for any number of threads.
/// @cost         About a dozen passes over the edges an iteration; memory for the aggregated
/// graphs.
/// @source       Traag, Waltman & van Eck 2019, Scientific Reports 9:5233.
/// @peer         igraph `igraph_community_leiden` (golden test `communities_golden_test`).
[[nodiscard]] Result<std::vector<std::int32_t>> leiden(const WeightedGraph& graph,
                                                       const LeidenSettings& settings,
                                                       RunContext& run,
                                                       std::span<const std::int32_t> start = {});

}  // namespace topograph::detail
