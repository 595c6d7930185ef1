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

/// A square grid of nodes around points of a plane.
struct NodeGrid {
  double low_x = 0;  ///< Of the first node.
  double low_y = 0;
  double spacing = 1;
  std::size_t n_nodes = 0;  ///< Along a side.
};

/// Repulsion by a smooth particle mesh: the masses of the points go to the 4 x 4 nodes around them
/// by cubic B-splines, are convolved with kernels that undo the splines' blur at the nodes, and
/// what comes out is taken back by the same splines.
/// @source Essmann et al. 1995, J. Chem. Phys. 103 (smooth particle mesh); for t-SNE, with Lagrange
///         polynomials in boxes, Linderman et al. 2019, Nature Methods 16 (FIt-SNE). Here one
///         charge a point: the kernel is the force itself and the sum of similarities is the
///         energy.
class GridRepulsion {
 public:
  /// force (n, 2) = sum over j of q_ij^2 (y_i - y_j); returns the sum of q_ij over i != j.
  [[nodiscard]] Result<double> forces(MatrixView<const float> coords, Matrix<float>& force,
                                      RunContext& run);

 private:
  Result<void> fit_grid(MatrixView<const float> coords, double padding, RunContext& run);
  Result<void> sort_by_tile(MatrixView<const float> coords, RunContext& run);
  Result<void> spread(MatrixView<const float> coords, RunContext& run);
  friend class GridField;

  std::optional<GridConvolution> convolution_ = {};
  NodeGrid grid_ = {};
  std::vector<std::int32_t> tile_ = {};
  std::vector<std::int32_t> order_ = {};  ///< Points by tile, then id.
  std::vector<std::int32_t> first_ = {};  ///< Of each tile in `order_`.
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
  NodeGrid grid_ = {};
  Matrix<float> force_x_ = {};
  Matrix<float> force_y_ = {};
  Matrix<float> potential_ = {};
};

}  // namespace topograph::detail
