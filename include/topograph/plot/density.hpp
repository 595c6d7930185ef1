#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

/// Smoothed numbers of points on a grid whose outermost cells are empty.
struct DensityGrid {
  Matrix<float> values =
      {};  ///< Row r, column c belongs to the point (left + c cell, top + r cell).
  double left = 0;
  double top = 0;
  double cell = 1;
  float highest = 0;
};

/// Counts points into square cells and blurs the counts with a Gaussian of standard deviation
/// `bandwidth` (same unit as the points). The grid covers the points and three bandwidths around.
/// No points: an empty grid. @cost O(n + cells * bandwidth / cell)
[[nodiscard]] DensityGrid density_grid(std::span<const Point> points, double bandwidth,
                                       double cell);

/// Lines of equal density (marching squares): closed outlines, without the repeated first point,
/// denser ground always on the same side. Level must be above 0.
[[nodiscard]] std::vector<std::vector<Point>> contour_lines(const DensityGrid& grid, double level);

}  // namespace topograph
