#include "topograph/plot/density.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

std::vector<float> gaussian_kernel(double sigma) {
  const auto radius = static_cast<std::size_t>(std::ceil(2.8 * sigma));
  std::vector<float> kernel(2 * radius + 1);
  double sum = 0;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const double x = (static_cast<double>(i) - static_cast<double>(radius)) / sigma;
    kernel[i] = static_cast<float>(std::exp(-x * x / 2));
    sum += static_cast<double>(kernel[i]);
  }
  for (float& weight : kernel) weight = static_cast<float>(static_cast<double>(weight) / sum);
  return kernel;
}

/// Adds `weight * from[r]` to the rows around r: a blur of columns that reads memory in order.
void blur_columns(const Matrix<float>& from, const std::vector<float>& kernel, Matrix<float>& to) {
  const std::size_t radius = kernel.size() / 2;
  for (std::size_t r = 0; r < from.rows(); ++r) {
    for (std::size_t k = 0; k < kernel.size(); ++k) {
      const std::size_t shifted = r + k;
      if (shifted < radius || shifted - radius >= from.rows()) continue;
      const std::size_t target = shifted - radius;
      for (std::size_t c = 0; c < from.cols(); ++c) to[target, c] += kernel[k] * from[r, c];
    }
  }
}

Matrix<float> transposed(const Matrix<float>& from) {
  Matrix<float> to(from.cols(), from.rows());
  for (std::size_t r = 0; r < from.rows(); ++r) {
    for (std::size_t c = 0; c < from.cols(); ++c) to[c, r] = from[r, c];
  }
  return to;
}

}  // namespace

DensityGrid density_grid(std::span<const Point> points, double bandwidth, double cell) {
  DensityGrid grid;
  if (points.empty()) return grid;
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Point p : points) {
    box = {std::min(box.left, p.x), std::min(box.top, p.y), std::max(box.right, p.x),
           std::max(box.bottom, p.y)};
  }
  const double margin = std::ceil(3 * bandwidth / cell + 2) * cell;
  grid.left = box.left - margin;
  grid.top = box.top - margin;
  grid.cell = cell;
  const auto n_cols = static_cast<std::size_t>((box.width() + 2 * margin) / cell) + 2;
  const auto n_rows = static_cast<std::size_t>((box.height() + 2 * margin) / cell) + 2;
  Matrix<float> counts(n_rows, n_cols);
  for (const Point p : points) {
    const auto column = static_cast<std::size_t>(std::lround((p.x - grid.left) / cell));
    const auto row = static_cast<std::size_t>(std::lround((p.y - grid.top) / cell));
    counts[row, column] += 1;
  }
  const std::vector<float> kernel = gaussian_kernel(bandwidth / cell);
  Matrix<float> half(n_rows, n_cols);
  blur_columns(counts, kernel, half);
  const Matrix<float> turned = transposed(half);
  Matrix<float> blurred(n_cols, n_rows);
  blur_columns(turned, kernel, blurred);
  grid.values = transposed(blurred);
  for (const float value : std::span(grid.values.data(), grid.values.size())) {
    grid.highest = std::max(grid.highest, value);
  }
  return grid;
}

std::vector<std::vector<Point>> contour_lines(const DensityGrid& grid, double level) {
  const Matrix<float>& v = grid.values;
  std::vector<std::vector<Point>> lines;
  if (v.rows() < 2 || v.cols() < 2) return lines;
  const std::size_t rows = v.rows();
  const std::size_t cols = v.cols();
  // Every edge of the grid carries at most one crossing. Ids: horizontal edges (r, c)-(r, c + 1),
  // then vertical ones (r, c)-(r + 1, c).
  const auto horizontal = [cols](std::size_t r, std::size_t c) { return r * cols + c; };
  const auto vertical = [rows, cols](std::size_t r, std::size_t c) {
    return rows * cols + r * cols + c;
  };
  std::vector<std::int32_t> next(2 * rows * cols, -1);
  const auto high = static_cast<float>(level);
  for (std::size_t r = 0; r + 1 < rows; ++r) {
    for (std::size_t c = 0; c + 1 < cols; ++c) {
      // Corners and the edges that follow them, clockwise.
      const std::array<bool, 4> is_high{v[r, c] >= high, v[r, c + 1] >= high,
                                        v[r + 1, c + 1] >= high, v[r + 1, c] >= high};
      if (is_high[0] == is_high[1] && is_high[1] == is_high[2] && is_high[2] == is_high[3])
        continue;
      const std::array<std::size_t, 4> edges{horizontal(r, c), vertical(r, c + 1),
                                             horizontal(r + 1, c), vertical(r, c)};
      for (std::size_t i = 0; i < 4; ++i) {
        if (is_high[i] || !is_high[(i + 1) % 4]) continue;
        // Enters between a low and a high corner, leaves behind the last high one. The neighbour
        // cell sees that edge from the other side and goes on there.
        std::size_t j = (i + 1) % 4;
        while (is_high[(j + 1) % 4]) j = (j + 1) % 4;
        next[edges[i]] = narrow<std::int32_t>(edges[j]);
      }
    }
  }
  const auto crossing = [&](std::size_t edge) -> Point {
    const bool is_vertical = edge >= rows * cols;
    const std::size_t at = is_vertical ? edge - rows * cols : edge;
    const std::size_t r = at / cols;
    const std::size_t c = at % cols;
    const auto from = static_cast<double>(v[r, c]);
    const auto to = static_cast<double>(is_vertical ? v[r + 1, c] : v[r, c + 1]);
    const double share = to == from ? 0.5 : std::clamp((level - from) / (to - from), 0.0, 1.0);
    return {grid.left + grid.cell * (static_cast<double>(c) + (is_vertical ? 0 : share)),
            grid.top + grid.cell * (static_cast<double>(r) + (is_vertical ? share : 0))};
  };
  for (std::size_t start = 0; start < next.size(); ++start) {
    std::vector<Point> line;
    for (std::size_t edge = start; next[edge] >= 0;) {
      line.push_back(crossing(edge));
      const auto following = idx(next[edge]);
      next[edge] = -1;
      edge = following;
    }
    if (line.size() >= 3) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace topograph
