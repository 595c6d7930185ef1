#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// How the token vectors of a text become one vector; several are concatenated in this order.
enum class PoolingMode : std::uint8_t { cls, max, mean, mean_sqrt_len, weighted_mean, last_token };

/// Pools the token vectors of one text (tokens, hidden) into `out` (modes * hidden). The first
/// `n_skipped` tokens, a prompt's, are left out; the weights of `weighted_mean` still count them.
/// Sums are float64. Without any token left the vector is zero.
void pool_tokens(MatrixView<const float> tokens, std::size_t n_skipped,
                 std::span<const PoolingMode> modes, std::span<float> out);

/// Scales to unit length as torch's `normalize`: divides by max(norm, 1e-12).
void normalize_row(std::span<float> row);

}  // namespace topograph::detail
