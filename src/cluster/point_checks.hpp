#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// @error invalid_argument: no columns, or a value that is not finite (first row named).
[[nodiscard]] Result<void> check_points(MatrixView<const float> x, std::string_view what,
                                        RunContext& run);

/// @error invalid_argument: weights of another length than n, or below 1 (first row named).
[[nodiscard]] Result<void> check_weights(std::span<const std::int32_t> weights, std::size_t n,
                                         std::string_view what);

}  // namespace topograph::detail
