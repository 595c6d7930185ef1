#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Connected components of a symmetric graph, numbered by their smallest vertex.
struct Components {
  std::vector<std::int32_t> of_vertex = {};             ///< Component of each vertex.
  std::vector<std::int32_t> place = {};                 ///< Of each vertex among its members.
  std::vector<std::vector<std::int32_t>> members = {};  ///< Vertices of each, ascending.
};

[[nodiscard]] Result<Components> connected_components(CsrView<float> graph, RunContext& run);

}  // namespace topograph::detail
