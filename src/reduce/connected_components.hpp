#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"

namespace topograph::detail {

/// Connected components of a symmetric graph, numbered by their smallest vertex.
struct Components {
  std::vector<std::int32_t> of_vertex = {};             ///< Component of each vertex.
  std::vector<std::vector<std::int32_t>> members = {};  ///< Vertices of each, ascending.
};

[[nodiscard]] Components connected_components(CsrView<float> graph);

/// The graph among `members` (ascending, closed under adjacency), renumbered 0, 1, 2 …
[[nodiscard]] Csr<float> component_graph(CsrView<float> graph,
                                         const std::vector<std::int32_t>& members);

}  // namespace topograph::detail
