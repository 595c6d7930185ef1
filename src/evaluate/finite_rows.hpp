#pragma once

#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// @error invalid_argument: a value that is not finite; `what` and the first such row are named.
[[nodiscard]] Result<void> check_finite_rows(MatrixView<const float> x, std::string_view what);

}  // namespace topograph::detail
