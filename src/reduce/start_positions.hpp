#pragma once

#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// Where the points of a layout start, each axis in [0, 10].
struct StartPositions {
  Matrix<float> coords = {};
  bool is_spectral = false;
  std::vector<std::string> warnings = {};
};

/// The wanted start, or the next that works: spectral, then PCA (when `x` allows), then random.
[[nodiscard]] Result<StartPositions> start_positions(const FuzzyGraph& graph,
                                                     MatrixView<const float> x, UmapInit wanted,
                                                     std::size_t dim, RunContext& run);

}  // namespace topograph::detail
