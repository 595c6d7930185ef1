#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The rows on which distances are defined: the input itself (euclidean), or its rows scaled to
/// unit length in float32 (cosine). Every distance is computed here, in float64 and in one fixed
/// order, so it has the same bits on every instruction set and for (i, j) and (j, i).
class MetricRows {
 public:
  /// @error invalid_argument: no columns, or a value that is not finite (first row named).
  [[nodiscard]] static Result<MetricRows> make(MatrixView<const float> x, Metric metric,
                                               const char* name, RunContext& run);

  [[nodiscard]] std::size_t size() const { return rows_.rows(); }
  [[nodiscard]] std::size_t cols() const { return rows_.cols(); }
  [[nodiscard]] Metric metric() const { return metric_; }
  [[nodiscard]] const float* row(std::size_t i) const { return rows_.data() + i * rows_.stride(); }
  /// Cosine only: the row has no direction.
  [[nodiscard]] bool is_zero(std::size_t i) const {
    return metric_ == Metric::cosine && is_zero_[i] != 0;
  }

 private:
  MetricRows() = default;
  [[nodiscard]] Result<void> normalize(MatrixView<const float> x, RunContext& run);

  Metric metric_ = Metric::cosine;
  Matrix<float> units_ = {};
  MatrixView<const float> rows_ = {};
  std::vector<std::uint8_t> is_zero_ = {};
};

/// Half the squared distance of row i of a and row j of b: 1 - cos for unit rows. It is exactly 0
/// for equal rows. Rows without direction: 0 between two of them, 1 to any other row.
[[nodiscard]] double half_squared(const MetricRows& a, std::size_t i, const MetricRows& b,
                                  std::size_t j);

/// The metric's distance of a half squared one.
[[nodiscard]] float metric_distance(Metric metric, double half_squared);

/// Bytes that MetricRows adds to the input.
[[nodiscard]] std::size_t metric_rows_bytes(std::size_t rows, std::size_t cols, Metric metric);

}  // namespace topograph
