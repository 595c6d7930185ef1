#include "cluster/point_checks.hpp"

#include <cstddef>
#include <string>

#include "topograph/core/finite_rows.hpp"

namespace topograph::detail {

Result<void> check_points(MatrixView<const float> x, std::string_view what, RunContext& run) {
  if (x.rows() > 0 && x.cols() == 0) {
    return input_error(ErrorCode::invalid_argument, std::string(what),
                       "expected points with at least one column, found none");
  }
  return check_finite_rows(x, {}, run);
}

Result<void> check_weights(std::span<const std::int32_t> weights, std::size_t n,
                           std::string_view what) {
  if (!weights.empty() && weights.size() != n) {
    return input_error(ErrorCode::invalid_argument, std::string(what),
                       "expected " + std::to_string(n) + " document counts, found " +
                           std::to_string(weights.size()));
  }
  for (std::size_t row = 0; row < weights.size(); ++row) {
    if (weights[row] >= 1) continue;
    return input_error(
        ErrorCode::invalid_argument, "row " + std::to_string(row),
        "expected a document count of at least 1, found " + std::to_string(weights[row]));
  }
  return {};
}

}  // namespace topograph::detail
