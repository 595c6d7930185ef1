#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/rows_view.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The rows on which distances are defined: the input itself (euclidean), or its rows divided in
/// float32 by their length (cosine) or by the largest length (inner product). Every distance is
/// computed here, in float64 and in one fixed order, so it has the same bits on every instruction
/// set and for (i, j) and (j, i).
///
/// Rows that differ from the input's float32 are kept (`Made::once`, one copy) or made when asked
/// for.
class MetricRows {
 public:
  enum class Made : std::uint8_t { once, on_demand };

  /// @error invalid_argument: no columns, or a value that is not finite (first row named).
  /// @param least_scale  Inner product: rows are divided by at least this length (a query's rows by
  ///                     the `scale()` of the rows searched); each by its own where that is larger.
  [[nodiscard]] static Result<MetricRows> make(const RowsView& x, Metric metric, const char* name,
                                               RunContext& run, Made made = Made::once,
                                               double least_scale = 0);

  [[nodiscard]] std::size_t size() const { return source_.rows(); }
  [[nodiscard]] std::size_t cols() const { return source_.cols(); }
  [[nodiscard]] Metric metric() const { return metric_; }
  /// Row i, written to `scratch` (cols) where it is made on demand.
  [[nodiscard]] const float* row(std::size_t i, std::span<float> scratch) const;
  [[nodiscard]] bool is_on_demand() const {
    return kept_.empty() && (metric_ != Metric::euclidean || source_.is_half());
  }
  [[nodiscard]] bool keeps_rows() const { return !kept_.empty(); }
  /// Inner product: the largest length of a row.
  [[nodiscard]] double scale() const { return scale_; }
  /// Cosine only: the row has no direction.
  [[nodiscard]] bool is_zero(std::size_t i) const {
    return metric_ == Metric::cosine && divisors_[i] == 0.0;
  }

 private:
  MetricRows() = default;
  /// The input's row in float32.
  [[nodiscard]] const float* raw(std::size_t i, std::span<float> scratch) const;
  [[nodiscard]] Result<void> measure_lengths(double least_scale, RunContext& run);
  [[nodiscard]] Result<void> keep_rows(RunContext& run);

  Metric metric_ = Metric::cosine;
  double scale_ = 0;
  std::vector<double> divisors_ = {};  ///< 0: a row without direction (cosine).
  RowsView source_ = {};
  Matrix<float> kept_ = {};
};

/// Half the squared distance of row i of a and row j of b: 1 - cos for unit rows, exactly 0 for
/// equal rows. Rows without direction: 0 between two of them, 1 to any other row. For the inner
/// product 1 minus the product of the scaled rows.
[[nodiscard]] double half_squared(const MetricRows& a, std::size_t i, const MetricRows& b,
                                  std::size_t j);

/// The same of two rows at hand, as `MetricRows::row` gives them.
struct RowAtHand {
  const float* values = nullptr;
  bool is_zero = false;
};
[[nodiscard]] double half_squared(Metric metric, const RowAtHand& a, const RowAtHand& b,
                                  std::size_t cols);

/// The metric's distance of a half squared one.
[[nodiscard]] float metric_distance(Metric metric, double half_squared);

/// Bytes that MetricRows adds to the input.
[[nodiscard]] std::size_t metric_rows_bytes(const RowsView& x, Metric metric,
                                            MetricRows::Made made = MetricRows::Made::once);

}  // namespace topograph
