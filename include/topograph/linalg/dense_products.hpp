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

/// gram(x, mean) in half the time: products of 128 rows at a time in float32, as precise as the
/// rows are (in float64 where float32 would overflow or vanish), their sums in float64. For rows
/// about their mean: of a far shift float32 keeps too little.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<double>> scatter(MatrixView<const float> x,
                                             std::span<const double> mean, RunContext& run);

/// gram(x, shift) * b (d, k), without the (d, d) matrix: O(n d k) instead of O(n d^2).
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<double>> gram_times(MatrixView<const float> x,
                                                std::span<const double> shift,
                                                const Matrix<double>& b, RunContext& run);

/// x (n, d) * b (d, k), computed in float64.
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<float>> multiply(MatrixView<const float> x, const Matrix<double>& b,
                                             RunContext& run);

/// The rows minus `shift` along `axes` (k, d), computed in float32: (n, k).
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Matrix<float>> project(MatrixView<const float> x, std::span<const float> shift,
                                            MatrixView<const float> axes, RunContext& run);

/// The same of the rows minus `shift`.
[[nodiscard]] Result<Matrix<float>> multiply(MatrixView<const float> x,
                                             std::span<const double> shift, const Matrix<double>& b,
                                             RunContext& run);

}  // namespace topograph
