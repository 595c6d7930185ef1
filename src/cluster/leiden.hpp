#pragma once

#include <cstdint>
#include <vector>

#include "cluster/leiden_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

struct LeidenSettings {
  double resolution = 1;  ///< Factor of the product of vertex weights, already scaled.
  int n_iterations = 2;
  std::uint64_t seed = 0;
};

/// Community of every vertex, numbered 0.. in no particular order. Communities never span two
/// components.
///
/// @error       cancelled; internal when igraph refuses.
/// @determinism The same graph and seed give the same labels: igraph's generator is seeded for the
///              call and calls from several threads wait for each other (igraph keeps global
///              state).
[[nodiscard]] Result<std::vector<std::int32_t>> leiden(const LeidenGraph& graph,
                                                       const LeidenSettings& settings,
                                                       RunContext& run);

}  // namespace topograph::detail
