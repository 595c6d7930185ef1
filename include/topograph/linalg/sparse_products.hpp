#pragma once

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// The same matrix with rows and columns exchanged.
[[nodiscard]] Csr<float> transpose(const CsrView<float>& x);

/// out (rows, k) = x (rows, cols) * b (cols, k), sums in float64 in the order of the columns.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<void> multiply(const CsrView<float>& x, MatrixView<const float> b,
                                    MatrixView<float> out, RunContext& run);

}  // namespace topograph
