#pragma once

#include <cstdint>
#include <vector>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Moves vertices to the neighbouring (or an empty) community with the largest gain of the score
/// until no single move helps. Labels are community numbers in [0, n).
///
/// Vertices are visited in rounds of a random order; a round takes those whose neighbourhood has
/// changed. A round is cut into batches that depend on the number of vertices only: a batch decides
/// in parallel against the state at its start, its moves are then applied one after another, each
/// checked once more against what the earlier ones changed. Small graphs have batches of one.
///
/// @return       Whether any vertex moved.
/// @error        cancelled.
/// @determinism  Bit-identical for any number of threads.
/// @source       Traag, Waltman & van Eck 2019, algorithm A.2 MoveNodesFast; in batches after
///               Staudt & Meyerhenke 2016 (parallel Louvain), which lets moves collide.
[[nodiscard]] Result<bool> move_vertices(const WeightedGraph& graph, double resolution,
                                         RandomKey key, std::vector<std::int32_t>& labels,
                                         RunContext& run);

}  // namespace topograph::detail
