#include "cluster/center_panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/kernels.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kColumns = kernels::center_columns;
constexpr std::size_t kRows = kernels::center_rows;

}  // namespace

CenterPanels::CenterPanels(MatrixView<const float> centers)
    : centers_(centers.rows(), centers.cols()) {
  TG_EXPECTS(centers.rows() > 0);
  const std::size_t n_panels = block_count(centers.rows(), kColumns);
  panels_ = Matrix<float>(n_panels, centers.cols() * kColumns);
  half_.assign(n_panels * kColumns, std::numeric_limits<float>::infinity());
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    const auto row = centers.row(c);
    std::ranges::copy(row, centers_.row(c).begin());
    const auto panel = panels_.row(c / kColumns);
    for (std::size_t t = 0; t < row.size(); ++t) panel[t * kColumns + c % kColumns] = row[t];
    const double norm = kernels::active().dot(row.data(), row.data(), row.size());
    half_[c] = static_cast<float>(norm / 2);
    largest_norm_ = std::max(largest_norm_, std::sqrt(norm));
  }
}

// u = 2^-24: the dot product is off by (depth + 1) u |x| |c|, the half norm by u |c|^2 / 2, the
// difference by u of its size. The factor covers second-order terms, the last term underflow.
double CenterPanels::score_error(double squared_norm) const {
  constexpr double unit = 0x1.0p-24;
  const auto depth = static_cast<double>(centers_.cols());
  const double norm = std::sqrt(squared_norm);
  return 1.1 * unit * ((depth + 4) * norm * largest_norm_ + 2 * largest_norm_ * largest_norm_) +
         (depth + 16) * 0x1.0p-126;
}

NearestCenter CenterPanels::compare_exactly(std::span<const float> row) const {
  double best = std::numeric_limits<double>::infinity();
  double second = best;
  NearestCenter found;
  for (std::size_t c = 0; c < centers_.rows(); ++c) {
    const double squared =
        kernels::active().squared_distance(row.data(), centers_.row(c).data(), row.size());
    if (squared < best) {
      second = best;
      best = squared;
      found.center = narrow<std::int32_t>(c);
    } else {
      second = std::min(second, squared);
    }
  }
  found.upper = std::sqrt(best);
  found.lower = std::sqrt(second);
  return found;
}

void CenterPanels::nearest(MatrixView<const float> x, std::span<const std::int32_t> rows,
                           std::span<const double> squared, std::span<NearestCenter> out) const {
  TG_EXPECTS(x.cols() == centers_.cols() && out.size() == rows.size());
  std::array<const float*, kRows> pointers{};
  std::array<float, kRows> best{};
  std::array<float, kRows> second{};
  std::array<std::int32_t, kRows> center{};
  const kernels::CenterScan scan{pointers.data(), panels_.data(),          half_.data(),
                                 x.cols(),        half_.size() / kColumns, best.data(),
                                 center.data(),   second.data(),           nullptr};
  for (std::size_t first = 0; first < rows.size(); first += kRows) {
    const std::size_t count = std::min(kRows, rows.size() - first);
    for (std::size_t r = 0; r < kRows; ++r) {
      pointers[r] = x.row(idx(rows[first + std::min(r, count - 1)])).data();
    }
    kernels::active().scan_centers(scan);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t row = idx(rows[first + r]);
      const double error = score_error(squared[row]);
      const auto lowest = static_cast<double>(best[r]);
      const auto next = static_cast<double>(second[r]);
      if (!(next - lowest > 2 * error) || !std::isfinite(lowest)) {
        out[first + r] = compare_exactly(x.row(row));
        continue;
      }
      out[first + r] = {center[r], std::sqrt(std::max(0.0, squared[row] + 2 * (lowest + error))),
                        std::sqrt(std::max(0.0, squared[row] + 2 * (next - error)))};
    }
  }
}

void CenterPanels::squared_distances(MatrixView<const float> x, std::size_t begin, std::size_t end,
                                     std::span<const double> squared,
                                     MatrixView<double> out) const {
  TG_EXPECTS(x.cols() == centers_.cols() && out.cols() == centers_.rows());
  const std::size_t width = half_.size();
  std::array<const float*, kRows> pointers{};
  std::array<float, kRows> best{};
  std::array<float, kRows> second{};
  std::array<std::int32_t, kRows> center{};
  Matrix<float> dots(kRows, width);
  const kernels::CenterScan scan{pointers.data(), panels_.data(),   half_.data(),
                                 x.cols(),        width / kColumns, best.data(),
                                 center.data(),   second.data(),    dots.data()};
  for (std::size_t first = begin; first < end; first += kRows) {
    const std::size_t count = std::min(kRows, end - first);
    for (std::size_t r = 0; r < kRows; ++r) {
      pointers[r] = x.row(first + std::min(r, count - 1)).data();
    }
    kernels::active().scan_centers(scan);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t row = first + r;
      const double doubtful = 64 * score_error(squared[row]);
      for (std::size_t c = 0; c < centers_.rows(); ++c) {
        double distance =
            squared[row] + 2 * (static_cast<double>(half_[c]) - static_cast<double>(dots[r, c]));
        if (!(distance > doubtful)) {
          distance =
              kernels::active().squared_distance(pointers[r], centers_.row(c).data(), x.cols());
        }
        out[row - begin, c] = distance;
      }
    }
  }
}

Result<std::vector<double>> squared_norms(MatrixView<const float> x, RunContext& run) {
  std::vector<double> squared(x.rows());
  TG_TRY(parallel_blocks(run, x.rows(), 1024, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      squared[row] = kernels::active().dot(x.row(row).data(), x.row(row).data(), x.cols());
    }
  }));
  return squared;
}

}  // namespace topograph::detail
