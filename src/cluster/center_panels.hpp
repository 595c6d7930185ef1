#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The nearest center of a row, with bounds on the distances to it and to every other one.
struct NearestCenter {
  std::int32_t center = 0;
  double upper = 0;  ///< At least the distance to `center`.
  double lower = 0;  ///< At most the distance to any other center; infinite when there is none.
};

/// Centers packed for the kernel that compares eight rows with sixteen of them at a time. The
/// nearest center is the true one of the float32 coordinates (ties: smaller number): where the
/// kernel's float32 scores are too close to tell, distances are computed in float64. So the answer
/// depends neither on the instruction set nor on the rows that come along.
class CenterPanels {
 public:
  explicit CenterPanels(MatrixView<const float> centers);

  /// @param rows     Row numbers of x.
  /// @param squared  Squared norms of all rows of x.
  /// @param out      (rows.size())
  void nearest(MatrixView<const float> x, std::span<const std::int32_t> rows,
               std::span<const double> squared, std::span<NearestCenter> out) const;

  /// Squared distances of rows [begin, end) of x to every center, (end - begin, n_centers): exact
  /// zeros for equal rows, else within the kernel's rounding.
  void squared_distances(MatrixView<const float> x, std::size_t begin, std::size_t end,
                         std::span<const double> squared, MatrixView<double> out) const;

  [[nodiscard]] std::size_t size() const { return centers_.rows(); }

 private:
  [[nodiscard]] NearestCenter compare_exactly(std::span<const float> row) const;
  [[nodiscard]] double score_error(double squared_norm) const;

  Matrix<float> centers_;
  Matrix<float> panels_;
  std::vector<float> half_;
  double largest_norm_ = 0;
};

/// Squared norm of every row, in float64.
[[nodiscard]] Result<std::vector<double>> squared_norms(MatrixView<const float> x, RunContext& run);

}  // namespace topograph::detail
