#include "reduce/grid_repulsion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

// Of a box along a side. The peer has 3; the force itself is less smooth than what it interpolates.
constexpr std::size_t kNodes = 4;
constexpr std::size_t kLeastBoxes = 50;  // as the peer
constexpr std::size_t kMostBoxes = 640;  // the grid then takes 90 MB; wider layouts get wider boxes
constexpr std::size_t kGrain = 4096;

/// Place of a point in the grid: its box and the weights of the box's nodes on one axis.
struct Place {
  std::size_t box = 0;
  std::array<float, kNodes> weights = {};
};

std::size_t box_of(double value, double low, const BoxGrid& grid) {
  const double at = std::floor((value - low) / grid.width);
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(grid.n_boxes - 1)));
}

/// Lagrange polynomials through 1/8, 3/8, 5/8 and 7/8.
Place place_of(double value, double low, const BoxGrid& grid) {
  Place place;
  place.box = box_of(value, low, grid);
  const auto t = static_cast<float>((value - low) / grid.width - static_cast<double>(place.box));
  const float a = t - 0.125F;
  const float b = t - 0.375F;
  const float c = t - 0.625F;
  const float d = t - 0.875F;
  constexpr float outer = 32.0F / 3;
  place.weights = {-outer * b * c * d, 32.0F * a * c * d, -32.0F * a * b * d, outer * a * b * c};
  return place;
}

float interpolate(const Matrix<float>& grid, const Place& x, const Place& y) {
  float sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const float* row = grid.row(x.box * kNodes + i).data() + y.box * kNodes;
    float inner = 0;
    for (std::size_t j = 0; j < kNodes; ++j) inner += y.weights[j] * row[j];
    sum += x.weights[i] * inner;
  }
  return sum;
}

/// What interpolation makes of the similarity of a point to itself, instead of 1.
double own_similarity(const Place& x, const Place& y, double spacing) {
  const auto by_gap = [](const Place& p) {
    std::array<double, kNodes> sums = {};
    for (std::size_t i = 0; i < kNodes; ++i) {
      for (std::size_t j = 0; j < kNodes; ++j) {
        sums[i > j ? i - j : j - i] += static_cast<double>(p.weights[i] * p.weights[j]);
      }
    }
    return sums;
  };
  const auto along_x = by_gap(x);
  const auto along_y = by_gap(y);
  double sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    for (std::size_t j = 0; j < kNodes; ++j) {
      const double square = static_cast<double>(i * i + j * j) * spacing * spacing;
      sum += along_x[i] * along_y[j] / (1 + square);
    }
  }
  return sum;
}

struct Extent {
  float low_x = 0;
  float low_y = 0;
  double side = 0;
};

Extent extent_of(MatrixView<const float> coords) {
  float low_x = coords[0, 0];
  float high_x = low_x;
  float low_y = coords[0, 1];
  float high_y = low_y;
  for (std::size_t r = 1; r < coords.rows(); ++r) {
    low_x = std::min(low_x, coords[r, 0]);
    high_x = std::max(high_x, coords[r, 0]);
    low_y = std::min(low_y, coords[r, 1]);
    high_y = std::max(high_y, coords[r, 1]);
  }
  return {low_x, low_y, static_cast<double>(std::max(high_x - low_x, high_y - low_y))};
}

/// Boxes of width 1, smaller ones where that gives too few of them. Widths are powers of root 2, so
/// that a grid lasts many iterations and its kernels need not be transformed again.
BoxGrid boxes_over(double side) {
  BoxGrid grid;
  const double least = std::max(side, 1e-12) / static_cast<double>(kLeastBoxes);
  grid.width = std::min(1.0, std::exp2(std::ceil(2 * std::log2(least)) / 2));
  auto wanted = static_cast<std::size_t>(
      std::min(std::ceil(side / grid.width) + 1, static_cast<double>(kMostBoxes) + 1));
  grid.n_boxes = smooth_size(std::max(kLeastBoxes, wanted));
  if (grid.n_boxes > kMostBoxes) {
    grid.n_boxes = kMostBoxes;
    grid.width = side / static_cast<double>(kMostBoxes - 1);
  }
  return grid;
}

}  // namespace

Result<void> GridRepulsion::fit_grid(MatrixView<const float> coords, double padding,
                                     RunContext& run) {
  const Extent extent = extent_of(coords);
  const double side = extent.side * (1 + 2 * padding);
  const BoxGrid wanted = boxes_over(side);
  // A grid that is a little too large is as good and costs no new kernels.
  const bool fits = convolution_ && wanted.width == grid_.width &&
                    wanted.n_boxes <= grid_.n_boxes && 8 * grid_.n_boxes <= 9 * wanted.n_boxes;
  if (!fits) {
    grid_ = wanted;
    TG_TRY(auto made, GridConvolution::make(grid_.n_boxes * kNodes,
                                            grid_.width / static_cast<double>(kNodes), run));
    convolution_ = std::move(made);
    mass_ = Matrix<float>(convolution_->n_nodes(), convolution_->stride());
    force_x_ = mass_;
    force_y_ = mass_;
  }
  const double spare = static_cast<double>(grid_.n_boxes) * grid_.width - extent.side;
  grid_.low_x = static_cast<double>(extent.low_x) - spare / 2;
  grid_.low_y = static_cast<double>(extent.low_y) - spare / 2;
  return {};
}

Result<void> GridRepulsion::sort_by_box(MatrixView<const float> coords, RunContext& run) {
  box_.resize(coords.rows());
  order_.resize(coords.rows());
  TG_TRY(parallel_blocks(run, coords.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      const std::size_t x = box_of(static_cast<double>(coords[r, 0]), grid_.low_x, grid_);
      const std::size_t y = box_of(static_cast<double>(coords[r, 1]), grid_.low_y, grid_);
      box_[r] = static_cast<std::int32_t>(x * grid_.n_boxes + y);
    }
  }));
  first_.assign(grid_.n_boxes * grid_.n_boxes + 1, 0);
  for (const std::int32_t box : box_) ++first_[idx(box) + 1];
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
  std::vector<std::int32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    order_[idx(next[idx(box_[r])]++)] = static_cast<std::int32_t>(r);
  }
  return {};
}

/// A node belongs to one box, so boxes are filled side by side.
Result<void> GridRepulsion::spread(MatrixView<const float> coords, RunContext& run) {
  return parallel_blocks(run, grid_.n_boxes, 4, [&](const Block& block) {
    for (std::size_t x = block.begin; x < block.end; ++x) {
      for (std::size_t i = 0; i < kNodes; ++i) {
        std::ranges::fill(mass_.row(x * kNodes + i), 0.0F);
      }
      const auto begin = idx(first_[x * grid_.n_boxes]);
      const auto end = idx(first_[(x + 1) * grid_.n_boxes]);
      for (std::size_t at = begin; at < end; ++at) {
        const std::size_t r = idx(order_[at]);
        const Place px = place_of(static_cast<double>(coords[r, 0]), grid_.low_x, grid_);
        const Place py = place_of(static_cast<double>(coords[r, 1]), grid_.low_y, grid_);
        for (std::size_t i = 0; i < kNodes; ++i) {
          float* row = mass_.row(x * kNodes + i).data() + py.box * kNodes;
          for (std::size_t j = 0; j < kNodes; ++j) row[j] += px.weights[i] * py.weights[j];
        }
      }
    }
  });
}

Result<double> GridRepulsion::forces(MatrixView<const float> coords, Matrix<float>& force,
                                     RunContext& run) {
  TG_TRY(fit_grid(coords, 0.0, run));
  TG_TRY(sort_by_box(coords, run));
  TG_TRY(spread(coords, run));
  TG_TRY(const double total, convolution_->forces(mass_, force_x_, force_y_, run));
  std::vector<double> own(block_count(coords.rows(), kGrain), 0.0);
  TG_TRY(parallel_blocks(run, coords.rows(), kGrain, [&](const Block& block) {
    for (std::size_t at = block.begin; at < block.end; ++at) {
      const std::size_t r = idx(order_[at]);
      const Place px = place_of(static_cast<double>(coords[r, 0]), grid_.low_x, grid_);
      const Place py = place_of(static_cast<double>(coords[r, 1]), grid_.low_y, grid_);
      force[r, 0] = interpolate(force_x_, px, py);
      force[r, 1] = interpolate(force_y_, px, py);
      own[block.index] += own_similarity(px, py, convolution_->spacing());
    }
  }));
  return total - std::accumulate(own.begin(), own.end(), 0.0);
}

Result<GridField> GridField::make(MatrixView<const float> coords, RunContext& run) {
  constexpr double padding = 0.25;  // as the peer
  GridRepulsion made;
  TG_TRY(made.fit_grid(coords, padding, run));
  TG_TRY(made.sort_by_box(coords, run));
  TG_TRY(made.spread(coords, run));
  GridField field;
  field.grid_ = made.grid_;
  field.potential_ = made.mass_;
  TG_TRY(made.convolution_->forces(made.mass_, made.force_x_, made.force_y_, run));
  TG_TRY(made.convolution_->potential(made.mass_, field.potential_, run));
  field.force_x_ = std::move(made.force_x_);
  field.force_y_ = std::move(made.force_y_);
  return field;
}

std::array<float, 3> GridField::at(float& x, float& y) const {
  const double side = static_cast<double>(grid_.n_boxes) * grid_.width;
  x = static_cast<float>(std::clamp(static_cast<double>(x), grid_.low_x, grid_.low_x + side));
  y = static_cast<float>(std::clamp(static_cast<double>(y), grid_.low_y, grid_.low_y + side));
  const Place px = place_of(static_cast<double>(x), grid_.low_x, grid_);
  const Place py = place_of(static_cast<double>(y), grid_.low_y, grid_);
  return {interpolate(force_x_, px, py), interpolate(force_y_, px, py),
          interpolate(potential_, px, py)};
}

}  // namespace topograph::detail
