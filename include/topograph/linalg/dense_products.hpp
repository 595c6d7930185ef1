#pragma once

#include <span>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Sum over the rows r of x (n, d) of (r - shift)' (r - shift), in float64: the full symmetric
/// (d, d) matrix. An empty shift is zero.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<double>> gram(MatrixView<const float> x, std::span<const double> shift,
                                          RunContext& run);

/// gram(x, shift) * b (d, k), without the (d, d) matrix: O(n d k) instead of O(n d^2).
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<double>> gram_times(MatrixView<const float> x,
                                                std::span<const double> shift,
                                                const Matrix<double>& b, RunContext& run);

/// x (n, d) * b (d, k), computed in float64.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<float>> multiply(MatrixView<const float> x, const Matrix<double>& b,
                                             RunContext& run);

/// The same of the rows minus `shift`.
[[nodiscard]] Result<Matrix<float>> multiply(MatrixView<const float> x,
                                             std::span<const double> shift, const Matrix<double>& b,
                                             RunContext& run);

}  // namespace topograph
