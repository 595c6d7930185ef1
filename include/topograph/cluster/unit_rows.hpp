#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// A copy of x with rows of length 1; rows without direction stay zero. Bit-identical for any
/// thread count.
[[nodiscard]] Result<Matrix<float>> unit_rows(MatrixView<const float> x, RunContext& run);

}  // namespace topograph
