// With phi = 1 / (1 + a d^2b) of an edge, the log radius of a row in the layout is
//   r = log(e + sum phi d^2 / sum phi)
// and the term added to the objective is lambda * (sum of weights) * corr(R, r), R that of the data
// (Narayan, Berger & Cho 2021, "Assessing single-cell transcriptomic variability through
// density-preserving data visualization"). Its derivative by d^2 of the edge j k is
//   phi (w_j / S_j) ((1 - b (1 - phi)) / exp(r_j) + slope) + the same of k,
//   w = (R - cov (r - mean) / var) / sd,   slope = a b d^(2b - 2) / (1 + a d^2b),
// where S counts both directions of an edge, as the peer does. Here are the parts of a row; what
// depends on the edge is in kernels/layout_lanes.inc. The peer changes rows while it reads them;
// here radii are those at the start of the epoch.
#include "reduce/density_term.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr double smallest_radius = 1e-8;  // of the peer

struct Moments {
  double mean = 0;
  double variance = 0;
  std::size_t n = 0;
};

/// Of the finite values.
template <class T>
Moments moments_of(std::span<const T> values) {
  Moments found;
  double sum = 0;
  for (const T value : values) {
    if (!std::isfinite(value)) continue;
    sum += static_cast<double>(value);
    ++found.n;
  }
  if (found.n == 0) return found;
  found.mean = sum / static_cast<double>(found.n);
  double squares = 0;
  for (const T value : values) {
    if (!std::isfinite(value)) continue;
    const double apart = static_cast<double>(value) - found.mean;
    squares += apart * apart;
  }
  found.variance = squares / static_cast<double>(found.n);
  return found;
}

}  // namespace

DensityTerm::DensityTerm(const FuzzyGraph& graph, const EdgeSchedule& schedule,
                         const DensityGoal& goal)
    : lambda_(goal.lambda), frac_(goal.frac), var_shift_(goal.var_shift) {
  const CsrView<float> edges = graph.edges.view();
  const std::size_t n = edges.rows();
  std::vector<std::size_t> vertex_at(n);
  for (std::size_t v = 0; v < n; ++v) vertex_at[idx(schedule.place[v])] = v;
  const Moments radii = moments_of(goal.log_radii);
  const double deviation = std::sqrt(radii.variance);
  offsets_.assign(1, 0);
  neighbors_.reserve(edges.nnz());
  wanted_.assign(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t v = vertex_at[i];
    for (std::size_t e = edges.begin(v); e < edges.end(v); ++e) {
      neighbors_.push_back(schedule.place[idx(edges.columns[e])]);
    }
    offsets_.push_back(neighbors_.size());
    const float radius = goal.log_radii[v];
    if (!std::isfinite(radius) || deviation <= 0) continue;
    wanted_[i] = (static_cast<double>(radius) - radii.mean) / deviation;
  }
  double total = 0;
  double strongest = 0;
  for (const float weight : edges.values) {
    total += static_cast<double>(weight);
    strongest = std::max(strongest, static_cast<double>(weight));
  }
  if (strongest > 0) edge_scale_ = total / strongest / static_cast<double>(n);
  log_radii_.assign(n, 0.0);
  closeness_.assign(n, 0.0);
  per_row_ = Matrix<float>(n, 2);
}

bool DensityTerm::counts_in(int epoch, int n_epochs) const {
  const double share = static_cast<double>(epoch + 1) / static_cast<double>(n_epochs);
  return lambda_ > 0 && share > 1.0 - frac_;
}

Result<void> DensityTerm::measure(MatrixView<const float> rows, const CurveAb& curve,
                                  RunContext& run) {
  const auto sum_radius = kernels::active().layout->sum_radius;
  const std::size_t n = rows.rows();
  TG_TRY(parallel_blocks(run, n, 2048, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      double sums[2] = {0, 0};
      sum_radius({.rows = rows.data(),
                  .dim = rows.cols(),
                  .row = narrow<std::int32_t>(i),
                  .neighbors = neighbors_.data() + offsets_[i],
                  .n_neighbors = offsets_[i + 1] - offsets_[i],
                  .a = static_cast<float>(curve.a),
                  .b = static_cast<float>(curve.b)},
                 sums);
      closeness_[i] = 2 * sums[1];
      log_radii_[i] = sums[1] > 0 ? std::log(smallest_radius + sums[0] / sums[1]) : std::nan("");
    }
  }));
  const Moments radii = moments_of(std::span<const double>(log_radii_));
  const double variance = radii.variance + var_shift_;
  double covariance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (closeness_[i] > 0) covariance += log_radii_[i] * wanted_[i];
  }
  covariance /= std::max(1.0, static_cast<double>(radii.n) - 1.0);
  scale_ = variance > 0 ? static_cast<float>(lambda_ * edge_scale_ / std::sqrt(variance)) : 0.0F;
  for (std::size_t i = 0; i < n; ++i) {
    if (closeness_[i] <= 0 || variance <= 0) continue;
    const double pull = wanted_[i] - covariance * (log_radii_[i] - radii.mean) / variance;
    per_row_[i, 0] = static_cast<float>(pull / closeness_[i] / std::exp(log_radii_[i]));
    per_row_[i, 1] = static_cast<float>(pull / closeness_[i]);
  }
  return {};
}

}  // namespace topograph::detail
