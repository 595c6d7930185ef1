#include "reduce/transform_checks.hpp"

#include <string>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Result<void> check_fitted_neighbors(const KnnGraph& neighbors, MatrixView<const float> coords) {
  if (neighbors.rows() > 0 && neighbors.k() == 0) {
    return input_error(ErrorCode::invalid_argument, "neighbors",
                       "expected at least one neighbour a row, found none");
  }
  for (std::size_t i = 0; i < neighbors.ids.size(); ++i) {
    const std::int32_t id = neighbors.ids.data()[i];
    if (id >= 0 && idx(id) < coords.rows()) continue;
    return input_error(ErrorCode::invalid_argument, "row " + std::to_string(i / neighbors.k()),
                       "expected neighbours below " + std::to_string(coords.rows()) + ", found " +
                           std::to_string(id));
  }
  return {};
}

}  // namespace topograph::detail
