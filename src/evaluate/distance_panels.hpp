#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/kernels.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

/// Rows packed for the distances from a few of them to all, in float64.
class DistancePanels {
 public:
  /// Rows that one call of `distances` handles.
  static constexpr std::size_t batch = kernels::center_rows;

  DistancePanels(MatrixView<const float> x, Metric metric);

  /// Distances from `rows` (at most `batch`) to every row, in a form that only orders them: squared
  /// for euclidean, the negative product for the others. Equal rows are at equal distances.
  /// @param out  (batch, >= rows of x).
  void distances(std::span<const std::size_t> rows, Matrix<double>& out) const;

 private:
  Metric metric_;
  std::size_t n_rows_;
  std::size_t depth_;
  std::vector<double> squared_ = {};
  Matrix<double> panels_ = {};  ///< (panels, depth * columns)
};

}  // namespace topograph::detail
