#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

/// Rows as trees search them, by euclidean distance: without the rows that were left out, and for
/// cosine of unit length, where the distance is 1 - cos = squared / 2. Zero vectors get a direction
/// of their own, an additional column.
struct SearchRows {
  Matrix<float> own = {};  ///< Storage of `x` where it is not the input itself.
  MatrixView<const float> x = {};
  std::vector<std::int32_t> rows = {};  ///< Row in the input of each row of x; empty: the same.

  [[nodiscard]] std::int32_t input_row(std::size_t row) const {
    return rows.empty() ? static_cast<std::int32_t>(row) : rows[row];
  }
};

/// Numbers of the rows whose values are all finite.
[[nodiscard]] std::vector<std::int32_t> finite_rows(MatrixView<const float> x);

[[nodiscard]] bool has_zero_row(MatrixView<const float> x, std::span<const std::int32_t> rows);

/// @param rows             Rows to keep, ascending; empty: all.
/// @param has_zero_column  Cosine: add the column for zero vectors.
[[nodiscard]] SearchRows search_rows(MatrixView<const float> x, std::vector<std::int32_t> rows,
                                     Metric metric, bool has_zero_column);

/// The distance of the metric between rows at euclidean distance `distance`.
[[nodiscard]] double metric_distance(double distance, Metric metric);

}  // namespace topograph::detail
