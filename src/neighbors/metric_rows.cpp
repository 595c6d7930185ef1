#include "neighbors/metric_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernels.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 1024;

Result<void> check_finite(MatrixView<const float> x, const char* name, RunContext& run) {
  const std::size_t none = x.rows();
  std::vector<std::size_t> first_bad(block_count(x.rows(), row_grain), none);
  TG_TRY(parallel_blocks(run, x.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto row = x.row(i);
      if (std::all_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); })) continue;
      first_bad[block.index] = i;
      return;
    }
  }));
  const auto bad = std::find_if(first_bad.begin(), first_bad.end(),
                                [&](std::size_t row) { return row != none; });
  if (bad == first_bad.end()) return {};
  return input_error(ErrorCode::invalid_argument, fmt::format("{} row {}", name, *bad),
                     "expected finite numbers, found NaN or infinity", "remove or repair this row");
}

}  // namespace

Result<MetricRows> MetricRows::make(MatrixView<const float> x, Metric metric, const char* name,
                                    RunContext& run) {
  if (x.cols() == 0) {
    return input_error(ErrorCode::invalid_argument, name, "expected at least one column, found 0");
  }
  TG_TRY(check_finite(x, name, run));
  MetricRows made;
  made.metric_ = metric;
  if (metric == Metric::cosine) {
    TG_TRY(made.normalize(x, run));
  } else {
    made.rows_ = x;
  }
  return made;
}

Result<void> MetricRows::normalize(MatrixView<const float> x, RunContext& run) {
  units_ = Matrix<float>(x.rows(), x.cols());
  rows_ = units_.view();
  is_zero_.assign(x.rows(), 0);
  const kernels::KernelTable& kernel = kernels::active();
  return parallel_blocks(run, x.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto from = x.row(i);
      const double norm = std::sqrt(kernel.dot(from.data(), from.data(), from.size()));
      if (norm == 0.0) {
        is_zero_[i] = 1;  // the unit row stays all zero
        continue;
      }
      const auto to = units_.row(i);
      for (std::size_t t = 0; t < from.size(); ++t) {
        to[t] = static_cast<float>(static_cast<double>(from[t]) / norm);
      }
    }
  });
}

double half_squared(const MetricRows& a, std::size_t i, const MetricRows& b, std::size_t j) {
  if (a.is_zero(i) || b.is_zero(j)) return a.is_zero(i) && b.is_zero(j) ? 0.0 : 1.0;
  return 0.5 * kernels::active().squared_distance(a.row(i), b.row(j), a.cols());
}

float metric_distance(Metric metric, double half_squared) {
  if (metric == Metric::euclidean) return static_cast<float>(std::sqrt(2.0 * half_squared));
  // Unit rows in float32 may be opposite by a hair more than 2.
  return static_cast<float>(std::min(half_squared, 2.0));
}

std::size_t metric_rows_bytes(std::size_t rows, std::size_t cols, Metric metric) {
  return metric == Metric::cosine ? rows * (cols * sizeof(float) + 1) : 0;
}

}  // namespace topograph
