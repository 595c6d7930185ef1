#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/layout.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

using kernels::LayoutEdge;

/// The edges of a graph in an order that lets disjoint parts be worked on at once: vertices are
/// dealt into blocks at random, edges go to the pair of their blocks, and the rounds of a
/// tournament play every pair once, no block twice in a round.
struct EdgeSchedule {
  std::vector<std::int32_t> place = {};  ///< Row of each vertex in the layout's working order.
  std::vector<LayoutEdge> edges = {};    ///< Both directions, in working order, pair by pair.
  std::vector<std::vector<std::span<const LayoutEdge>>> rounds = {};  ///< Pairs of each round.
};

/// @determinism The schedule depends on the graph and the key only.
[[nodiscard]] Result<EdgeSchedule> schedule_edges(const FuzzyGraph& graph, RandomKey key,
                                                  RunContext& run);

}  // namespace topograph::detail
