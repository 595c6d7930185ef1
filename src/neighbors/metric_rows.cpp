#include "neighbors/metric_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/code_kernels.hpp"
#include "topograph/core/finite_rows.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 1024;

void scale_row(std::span<const float> from, double divisor, float* to) {
  if (divisor == 0.0) {
    std::fill_n(to, from.size(), 0.0F);  // a row without direction stays all zero
    return;
  }
  for (std::size_t t = 0; t < from.size(); ++t) {
    to[t] = static_cast<float>(static_cast<double>(from[t]) / divisor);
  }
}

}  // namespace

Result<MetricRows> MetricRows::make(const RowsView& x, Metric metric, const char* name,
                                    RunContext& run, Made made, double least_scale) {
  if (x.cols() == 0) {
    return input_error(ErrorCode::invalid_argument, name, "expected at least one column, found 0");
  }
  TG_TRY(check_finite_rows(x, name, run));
  MetricRows rows;
  rows.metric_ = metric;
  rows.source_ = x;
  if (metric != Metric::euclidean) {
    TG_TRY(rows.measure_lengths(least_scale, run));
  }
  if (made == Made::once && rows.is_on_demand()) {
    TG_TRY(rows.keep_rows(run));
  }
  return rows;
}

Result<void> MetricRows::measure_lengths(double least_scale, RunContext& run) {
  divisors_.resize(size());
  const kernels::KernelTable& kernel = kernels::active();
  TG_TRY(parallel_blocks(run, size(), row_grain, [&](const Block& block) {
    std::vector<float> scratch(cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const float* row = raw(i, scratch);
      divisors_[i] = std::sqrt(kernel.dot(row, row, cols()));
    }
  }));
  if (metric_ == Metric::cosine) return {};
  const auto longest = std::max_element(divisors_.begin(), divisors_.end());
  scale_ = longest == divisors_.end() || *longest == 0.0 ? 1.0 : *longest;
  for (double& divisor : divisors_) {
    divisor = least_scale > 0 ? std::max(divisor, least_scale) : scale_;
  }
  return {};
}

Result<void> MetricRows::keep_rows(RunContext& run) {
  Matrix<float> kept(size(), cols());
  TG_TRY(parallel_blocks(run, size(), row_grain, [&](const Block& block) {
    std::vector<float> scratch(cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      std::copy_n(row(i, scratch), cols(), kept.row(i).begin());
    }
  }));
  kept_ = std::move(kept);
  return {};
}

const float* MetricRows::raw(std::size_t i, std::span<float> scratch) const {
  if (!source_.is_half()) return source_.floats().row(i).data();
  kernels::active_codes().widen_halves(source_.halves().row(i).data(), scratch.data(), cols());
  return scratch.data();
}

const float* MetricRows::row(std::size_t i, std::span<float> scratch) const {
  if (!kept_.empty()) return kept_.row(i).data();
  const float* from = raw(i, scratch);
  if (metric_ == Metric::euclidean) return from;
  scale_row({from, cols()}, divisors_[i], scratch.data());
  return scratch.data();
}

double half_squared(Metric metric, const RowAtHand& a, const RowAtHand& b, std::size_t cols) {
  if (a.is_zero || b.is_zero) return a.is_zero && b.is_zero ? 0.0 : 1.0;
  if (metric == Metric::inner_product) {
    return 1.0 - kernels::active().dot(a.values, b.values, cols);
  }
  return 0.5 * kernels::active().squared_distance(a.values, b.values, cols);
}

double half_squared(const MetricRows& a, std::size_t i, const MetricRows& b, std::size_t j) {
  std::vector<float> first(a.is_on_demand() ? a.cols() : 0);
  std::vector<float> second(b.is_on_demand() ? b.cols() : 0);
  return half_squared(a.metric(), {a.row(i, first), a.is_zero(i)}, {b.row(j, second), b.is_zero(j)},
                      a.cols());
}

float metric_distance(Metric metric, double half_squared) {
  if (metric == Metric::euclidean) return static_cast<float>(std::sqrt(2.0 * half_squared));
  // Rows scaled in float32 may be parallel or opposite by a hair more than 1.
  return static_cast<float>(std::clamp(half_squared, 0.0, 2.0));
}

std::size_t metric_rows_bytes(const RowsView& x, Metric metric, MetricRows::Made made) {
  const bool differs = metric != Metric::euclidean || x.is_half();
  const std::size_t kept = made == MetricRows::Made::once && differs ? x.cols() * sizeof(float) : 0;
  return x.rows() * (kept + (metric != Metric::euclidean ? sizeof(double) : 0));
}

}  // namespace topograph
