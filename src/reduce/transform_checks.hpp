#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

/// Neighbours of new points among those of a fitted layout.
/// @error invalid_argument: no neighbours, or an id outside the layout (first row named).
[[nodiscard]] Result<void> check_fitted_neighbors(const KnnGraph& neighbors,
                                                  MatrixView<const float> coords);

}  // namespace topograph::detail
