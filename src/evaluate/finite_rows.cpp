#include "evaluate/finite_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace topograph::detail {

Result<void> check_finite_rows(MatrixView<const float> x, std::string_view what) {
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (std::ranges::all_of(x.row(row), [](float value) { return std::isfinite(value); })) continue;
    return input_error(ErrorCode::invalid_argument,
                       std::string(what) + ", row " + std::to_string(row),
                       "expected finite numbers, found NaN or infinity");
  }
  return {};
}

}  // namespace topograph::detail
