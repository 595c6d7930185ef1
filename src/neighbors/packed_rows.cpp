#include "neighbors/packed_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 2048;

std::size_t padded(std::size_t rows) {
  return block_count(rows, kernels::panel_rows) * kernels::panel_rows;
}

}  // namespace

Result<SearchFrame> SearchFrame::around(const MetricRows& rows, std::span<const std::int32_t> ids,
                                        RunContext& run) {
  SearchFrame frame;
  frame.center.assign(rows.cols(), 0.0);
  // The inner product is not the same about another origin.
  if (rows.metric() == Metric::inner_product) return frame;
  Matrix<double> sums(block_count(ids.size(), row_grain), rows.cols());
  TG_TRY(parallel_blocks(run, ids.size(), row_grain, [&](const Block& block) {
    const auto sum = sums.row(block.index);
    std::vector<float> scratch(rows.cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const float* row = rows.row(idx(ids[i]), scratch);
      for (std::size_t t = 0; t < sum.size(); ++t) sum[t] += static_cast<double>(row[t]);
    }
  }));
  for (std::size_t b = 0; b < sums.rows(); ++b) {
    for (std::size_t t = 0; t < rows.cols(); ++t) frame.center[t] += sums[b, t];
  }
  for (double& value : frame.center) value /= static_cast<double>(ids.size());
  TG_TRY(frame.cover(rows, ids, run));
  return frame;
}

Result<void> SearchFrame::cover(const MetricRows& rows, std::span<const std::int32_t> ids,
                                RunContext& run) {
  if (rows.metric() != Metric::euclidean) return {};
  std::vector<double> block_largest(block_count(ids.size(), row_grain), 0.0);
  TG_TRY(parallel_blocks(run, ids.size(), row_grain, [&](const Block& block) {
    double found = 0;
    std::vector<float> scratch(rows.cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const float* row = rows.row(idx(ids[i]), scratch);
      for (std::size_t t = 0; t < center.size(); ++t) {
        found = std::max(found, std::abs(static_cast<double>(row[t]) - center[t]));
      }
    }
    block_largest[block.index] = found;
  }));
  for (const double found : block_largest) largest = std::max(largest, found);
  const double farthest = 2.0 * largest * std::sqrt(static_cast<double>(center.size()));
  if (farthest > static_cast<double>(std::numeric_limits<float>::max())) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected distances that fit 32-bit floats, found values too far apart",
                       "divide all values by a constant");
  }
  if (largest > 0) scale = std::ldexp(1.0, -std::ilogb(largest) - 1);
  return {};
}

Result<PackedRows> PackedRows::make(const MetricRows& rows, std::span<const std::int32_t> ids,
                                    const SearchFrame& frame, RunContext& run) {
  PackedRows packed;
  packed.size_ = ids.size();
  packed.depth_ = rows.cols();
  const std::size_t n_padded = padded(ids.size());
  packed.panels_ = Matrix<float>(n_padded, rows.cols());
  packed.half_.assign(n_padded, std::numeric_limits<float>::infinity());
  packed.radius_.assign(block_count(ids.size(), block_rows), 0.0);
  TG_TRY(parallel_blocks(run, n_padded, block_rows, [&](const Block& block) {
    std::vector<double> norms(kernels::panel_rows);
    for (std::size_t first = block.begin; first < block.end; first += kernels::panel_rows) {
      packed.pack_panel(rows, ids, frame, first, norms);
      double& radius = packed.radius_[block.index];
      radius = std::max(radius, *std::max_element(norms.begin(), norms.end()));
    }
  }));
  return packed;
}

void PackedRows::pack_panel(const MetricRows& rows, std::span<const std::int32_t> ids,
                            const SearchFrame& frame, std::size_t first,
                            std::vector<double>& norms) {
  float* panel = panels_.data() + first * depth_;
  std::vector<float> scratch(depth_);
  std::fill(norms.begin(), norms.end(), 0.0);
  for (std::size_t r = 0; r < kernels::panel_rows && first + r < size_; ++r) {
    const std::size_t id = idx(ids[first + r]);
    const float* row = rows.row(id, scratch);
    double squared = 0;
    for (std::size_t t = 0; t < depth_; ++t) {
      const double moved = (static_cast<double>(row[t]) - frame.center[t]) * frame.scale;
      const auto value = static_cast<float>(moved);
      panel[t * kernels::panel_rows + r] = value;
      squared += static_cast<double>(value) * static_cast<double>(value);
    }
    // A row without direction is at distance 1 from unit rows: 1/2 more than geometry gives.
    const bool is_zero = rows.is_zero(id);
    half_[first + r] = static_cast<float>(0.5 * squared + (is_zero ? 0.5 : 0.0));
    norms[r] = is_zero ? std::max(1.0, std::sqrt(squared)) : std::sqrt(squared);
    if (rows.metric() == Metric::inner_product) {  // 1 - a.b instead of |a - b|^2 / 2
      half_[first + r] = 0.5F;
      norms[r] = 1.0;
    }
  }
}

std::size_t PackedRows::bytes(std::size_t rows, std::size_t cols) {
  return padded(rows) * (cols + 1) * sizeof(float);
}

// With u = 2^-24 and R = R_a + R_b, the approximate value h_a - (dot - h_b) differs from the true
// one by at most: rounding of the centered rows u R^2; of the two half norms u R^2 / 2; of the dot
// product (depth + 1) u / (1 - (depth + 1) u) R_a R_b <= ... R^2 / 4; of the two subtractions, of
// the bounds themselves and of a unit row's length 3 u R^2. The constant 8 and the factor 1.1 leave
// room for second-order terms; the last term covers underflow.
float product_error(std::size_t depth, double radius_a, double radius_b) {
  constexpr double unit = 0x1.0p-24;
  constexpr double never_pruned = 1e30;
  const double terms = static_cast<double>(depth + 1) * unit;
  if (terms > 0.25) return static_cast<float>(never_pruned);
  const double radius = radius_a + radius_b;
  const double bound = (terms / (1.0 - terms) / 4.0 + 8.0 * unit) * radius * radius * 1.1;
  return static_cast<float>(bound + (static_cast<double>(depth) + 16.0) * 0x1.0p-126);
}

}  // namespace topograph
