#include "reduce/grid_repulsion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kNodes = GridConvolution::spline_nodes;
// Of the nodes. The kernels have hardly anything above the frequency pi / spacing (they fall as
// e^-frequency), so the forces are within 1 % of the largest; at 1 / 2 they are within 7 %, and the
// descent ends in a worse layout.
constexpr double kSpacing = 1.0 / 3;
constexpr std::size_t kLeastCells = 64;   // small layouts get a finer grid
constexpr std::size_t kMostNodes = 2400;  // the grid then takes 90 MB; wider layouts a coarser one
// Nodes that stay empty: kernels have a jump where the transform wraps around, and the undone blur
// rings beside it, by 0.27 a node.
constexpr std::size_t kMargin = 16;
constexpr std::size_t kTile = 8;  // Cells of a tile along y; it has one cell along x.
constexpr std::size_t kGrain = 4096;

/// Place of a point in the grid: its cell (the node below it) and the weights of the nodes from
/// cell - 1 to cell + 2 on one axis.
struct Place {
  std::size_t cell = 0;
  std::array<float, kNodes> weights = {};
};

std::size_t cell_of(double value, double low, const NodeGrid& grid) {
  const double at = std::floor((value - low) / grid.spacing);
  return static_cast<std::size_t>(std::clamp(at, 1.0, static_cast<double>(grid.n_nodes - 3)));
}

/// Cubic B-splines.
Place place_of(double value, double low, const NodeGrid& grid) {
  Place place;
  place.cell = cell_of(value, low, grid);
  const auto t = static_cast<float>((value - low) / grid.spacing - static_cast<double>(place.cell));
  const float u = 1.0F - t;
  constexpr float sixth = 1.0F / 6;
  place.weights = {sixth * u * u * u, sixth * (4.0F + t * t * (3.0F * t - 6.0F)),
                   sixth * (4.0F + u * u * (3.0F * u - 6.0F)), sixth * t * t * t};
  return place;
}

float interpolate(const Matrix<float>& grid, const Place& x, const Place& y) {
  float sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const float* row = grid.row(x.cell - 1 + i).data() + y.cell - 1;
    float inner = 0;
    for (std::size_t j = 0; j < kNodes; ++j) inner += y.weights[j] * row[j];
    sum += x.weights[i] * inner;
  }
  return sum;
}

/// What the grid makes of the similarity of a point to itself, instead of 1.
double own_similarity(const Place& x, const Place& y, const GridConvolution::NearPotential& near) {
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
    for (std::size_t j = 0; j < kNodes; ++j) sum += along_x[i] * along_y[j] * near[i][j];
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

/// Spacings are powers of root 2, so that a grid lasts many iterations and its kernels need not be
/// transformed again.
NodeGrid nodes_over(double side) {
  NodeGrid grid;
  const double least = std::max(side, 1e-12) / static_cast<double>(kLeastCells);
  grid.spacing = std::min(kSpacing, std::exp2(std::ceil(2 * std::log2(least)) / 2));
  const double cells = std::ceil(side / grid.spacing) + 1;
  if (cells < static_cast<double>(kMostNodes - kMargin)) {
    grid.n_nodes = smooth_size(static_cast<std::size_t>(cells) + kMargin);
  }
  if (grid.n_nodes == 0 || grid.n_nodes > kMostNodes) {
    grid.n_nodes = kMostNodes;
    grid.spacing = side / static_cast<double>(kMostNodes - kMargin - 1);
  }
  return grid;
}

}  // namespace

Result<void> GridRepulsion::fit_grid(MatrixView<const float> coords, double padding,
                                     RunContext& run) {
  const Extent extent = extent_of(coords);
  const double side = extent.side * (1 + 2 * padding);
  const NodeGrid wanted = nodes_over(side);
  // A grid that is a little too large is as good and costs no new kernels.
  const bool fits = convolution_ && wanted.spacing == grid_.spacing &&
                    wanted.n_nodes <= grid_.n_nodes && 8 * grid_.n_nodes <= 9 * wanted.n_nodes;
  if (!fits) {
    grid_ = wanted;
    TG_TRY(auto made, GridConvolution::make(grid_.n_nodes, grid_.spacing, run));
    convolution_ = std::move(made);
    mass_ = Matrix<float>(convolution_->n_nodes(), convolution_->stride());
    force_x_ = mass_;
    force_y_ = mass_;
  }
  const double spare = static_cast<double>(grid_.n_nodes - 1) * grid_.spacing - extent.side;
  grid_.low_x = static_cast<double>(extent.low_x) - spare / 2;
  grid_.low_y = static_cast<double>(extent.low_y) - spare / 2;
  return {};
}

/// Neighbours in the plane become neighbours in memory.
Result<void> GridRepulsion::sort_by_tile(MatrixView<const float> coords, RunContext& run) {
  tile_.resize(coords.rows());
  order_.resize(coords.rows());
  const std::size_t n_tiles = grid_.n_nodes / kTile + 1;
  TG_TRY(parallel_blocks(run, coords.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      const std::size_t x = cell_of(static_cast<double>(coords[r, 0]), grid_.low_x, grid_);
      const std::size_t y = cell_of(static_cast<double>(coords[r, 1]), grid_.low_y, grid_);
      tile_[r] = static_cast<std::int32_t>(x * n_tiles + y / kTile);
    }
  }));
  first_.assign(grid_.n_nodes * n_tiles + 1, 0);
  for (const std::int32_t tile : tile_) ++first_[idx(tile) + 1];
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
  std::vector<std::int32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    order_[idx(next[idx(tile_[r])]++)] = static_cast<std::int32_t>(r);
  }
  return {};
}

/// A block owns rows of nodes and takes from all points that reach them.
Result<void> GridRepulsion::spread(MatrixView<const float> coords, RunContext& run) {
  const std::size_t n_tiles = grid_.n_nodes / kTile + 1;
  return parallel_blocks(run, grid_.n_nodes, 16, [&](const Block& block) {
    for (std::size_t x = block.begin; x < block.end; ++x) std::ranges::fill(mass_.row(x), 0.0F);
    const std::size_t first_cell = block.begin >= 2 ? block.begin - 2 : 0;
    const std::size_t last_cell = std::min(block.end, grid_.n_nodes - 1);
    const auto begin = idx(first_[first_cell * n_tiles]);
    const auto end = idx(first_[(last_cell + 1) * n_tiles]);
    for (std::size_t at = begin; at < end; ++at) {
      const std::size_t r = idx(order_[at]);
      const Place px = place_of(static_cast<double>(coords[r, 0]), grid_.low_x, grid_);
      const Place py = place_of(static_cast<double>(coords[r, 1]), grid_.low_y, grid_);
      for (std::size_t i = 0; i < kNodes; ++i) {
        const std::size_t x = px.cell - 1 + i;
        if (x < block.begin || x >= block.end) continue;
        float* row = mass_.row(x).data() + py.cell - 1;
        for (std::size_t j = 0; j < kNodes; ++j) row[j] += px.weights[i] * py.weights[j];
      }
    }
  });
}

Result<double> GridRepulsion::forces(MatrixView<const float> coords, Matrix<float>& force,
                                     RunContext& run) {
  TG_TRY(fit_grid(coords, 0.0, run));
  TG_TRY(sort_by_tile(coords, run));
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
      own[block.index] += own_similarity(px, py, convolution_->near_potential());
    }
  }));
  return total - std::accumulate(own.begin(), own.end(), 0.0);
}

Result<GridField> GridField::make(MatrixView<const float> coords, RunContext& run) {
  constexpr double padding = 0.25;  // as the peer
  GridRepulsion made;
  TG_TRY(made.fit_grid(coords, padding, run));
  TG_TRY(made.sort_by_tile(coords, run));
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
  const double last = static_cast<double>(grid_.n_nodes - 2) * grid_.spacing;
  const auto inside = [&](float value, double low) {
    return static_cast<float>(
        std::clamp(static_cast<double>(value), low + grid_.spacing, low + last));
  };
  x = inside(x, grid_.low_x);
  y = inside(y, grid_.low_y);
  const Place px = place_of(static_cast<double>(x), grid_.low_x, grid_);
  const Place py = place_of(static_cast<double>(y), grid_.low_y, grid_);
  return {interpolate(force_x_, px, py), interpolate(force_y_, px, py),
          interpolate(potential_, px, py)};
}

}  // namespace topograph::detail
