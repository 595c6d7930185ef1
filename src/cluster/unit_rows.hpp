#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A copy of x with rows of length 1; rows without direction stay zero.
[[nodiscard]] Result<Matrix<float>> unit_rows(MatrixView<const float> x, RunContext& run);

}  // namespace topograph::detail
