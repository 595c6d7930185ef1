#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

struct GraphLevel {
  Csr<float> graph = {};
  /// Vertex of the next, coarser level for each; empty in the coarsest. Never falls from one vertex
  /// to the next.
  std::vector<std::int32_t> group_of = {};
};

/// A graph and coarser ones of it, finest first, each in an order in which the members of a group
/// are neighbours in memory.
struct GraphLevels {
  std::vector<GraphLevel> levels = {};
  std::vector<std::int32_t> order = {};  ///< order[i]: the graph's vertex that is i in levels[0].
};

/// Coarser and coarser until `n_coarsest` vertices are left or no level is much smaller.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<GraphLevels> graph_levels(CsrView<float> graph, std::size_t n_coarsest,
                                               RunContext& run);

}  // namespace topograph::detail
