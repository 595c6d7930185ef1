#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reduce/grid_convolution.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A square of boxes, each with 4 x 4 nodes inside, over points of a plane.
struct BoxGrid {
  double low_x = 0;
  double low_y = 0;
  double width = 1;  ///< Of a box.
  std::size_t n_boxes = 0;
};

/// Repulsion by interpolation on a grid: the masses of the points go to the nodes of their boxes,
/// are convolved, and what comes out is interpolated back (both by cubic polynomials).
/// @source Linderman et al. 2019, Nature Methods 16 (FIt-SNE); here with masses only: the kernel is
///         the force itself and the sum of similarities comes from the spectrum.
class GridRepulsion {
 public:
  /// force (n, 2) = sum over j of q_ij^2 (y_i - y_j); returns the sum of q_ij over i != j.
  [[nodiscard]] Result<double> forces(MatrixView<const float> coords, Matrix<float>& force,
                                      RunContext& run);

 private:
  Result<void> fit_grid(MatrixView<const float> coords, double padding, RunContext& run);
  Result<void> sort_by_box(MatrixView<const float> coords, RunContext& run);
  Result<void> spread(MatrixView<const float> coords, RunContext& run);
  friend class GridField;

  std::optional<GridConvolution> convolution_ = {};
  BoxGrid grid_ = {};
  std::vector<std::int32_t> box_ = {};
  std::vector<std::int32_t> order_ = {};  ///< Points by box, then id.
  std::vector<std::int32_t> first_ = {};  ///< Of each box in `order_`.
  Matrix<float> mass_ = {};
  Matrix<float> force_x_ = {};
  Matrix<float> force_y_ = {};
};

/// The repulsion of fixed points anywhere in their square, a quarter wider.
class GridField {
 public:
  [[nodiscard]] static Result<GridField> make(MatrixView<const float> coords, RunContext& run);
  /// {force x, force y, sum of q} at a point, which is moved into the square first.
  [[nodiscard]] std::array<float, 3> at(float& x, float& y) const;

 private:
  BoxGrid grid_ = {};
  Matrix<float> force_x_ = {};
  Matrix<float> force_y_ = {};
  Matrix<float> potential_ = {};
};

}  // namespace topograph::detail
