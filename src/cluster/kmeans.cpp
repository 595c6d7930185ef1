#include "topograph/cluster/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "cluster/center_panels.hpp"
#include "cluster/kmeans_start.hpp"
#include "cluster/lloyd.hpp"
#include "cluster/member_sums.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "kernels/kernels.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 1024;

/// Sum of squared distances to the own center, weighted.
Result<double> inertia_of(MatrixView<const float> x, std::span<const std::int32_t> weights,
                          const detail::LloydResult& found, RunContext& run) {
  std::vector<double> sums(block_count(x.rows(), kRowGrain), 0.0);
  TG_TRY(parallel_blocks(run, x.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const double squared = kernels::active().squared_distance(
          x.row(row).data(), found.centers.row(idx(found.labels[row])).data(), x.cols());
      sums[block.index] += squared * (weights.empty() ? 1.0 : static_cast<double>(weights[row]));
    }
  }));
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

/// Mean over the columns of their (weighted) variance, as the peer scales its tolerance.
Result<double> mean_variance(MatrixView<const float> x, std::span<const std::int32_t> weights,
                             RunContext& run) {
  std::vector<std::vector<detail::MemberMove>> all(block_count(x.rows(), kRowGrain));
  for (std::size_t row = 0; row < x.rows(); ++row) {
    all[row / kRowGrain].push_back({narrow<std::int32_t>(row), -1, 0});
  }
  detail::MemberSums sum(1, x.cols());
  TG_TRY(sum.apply(x, weights, all, run));
  detail::LloydResult one{.centers = Matrix<float>(1, x.cols())};
  one.labels.assign(x.rows(), 0);
  sum.write_mean(0, false, {}, one.centers.row(0));
  TG_TRY(const double inertia, inertia_of(x, weights, one, run));
  return inertia / static_cast<double>(sum.weight(0)) / static_cast<double>(x.cols());
}

/// Nearest centers of rows that were checked before, with strengths.
Result<CenterPrediction> measure(MatrixView<const float> centers, MatrixView<const float> x,
                                 RunContext& run) {
  CenterPrediction out;
  out.labels.resize(x.rows());
  out.strength.resize(x.rows());
  out.distance.resize(x.rows());
  const detail::CenterPanels panels(centers);
  TG_TRY(const auto squared, detail::squared_norms(x, run));
  TG_TRY(parallel_blocks(run, x.rows(), kRowGrain, [&](const Block& block) {
    std::vector<std::int32_t> rows(block.end - block.begin);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = narrow<std::int32_t>(block.begin + i);
    std::vector<detail::NearestCenter> found(rows.size());
    panels.nearest(x, rows, squared, found);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t row = block.begin + i;
      out.labels[row] = found[i].center;
      out.distance[row] = std::sqrt(kernels::active().squared_distance(
          x.row(row).data(), centers.row(idx(found[i].center)).data(), x.cols()));
      const double other = found[i].lower;
      const double share = other > 0 ? 1 - out.distance[row] / other : 0.0;
      out.strength[row] = static_cast<float>(std::clamp(share, 0.0, 1.0));
    }
  }));
  return out;
}

/// Labels by size; centers without points are left out.
Result<KMeansResult> finish(MatrixView<const float> x, std::span<const std::int32_t> weights,
                            detail::LloydResult found, double inertia, RunContext& run) {
  KMeansResult result;
  result.inertia = inertia;
  result.n_iter = found.n_iter;
  result.has_converged = found.has_converged;
  const auto old = detail::number_by_size(found.labels, weights);
  result.centers = Matrix<float>(old.size(), x.cols());
  for (std::size_t c = 0; c < old.size(); ++c) {
    std::ranges::copy(found.centers.row(idx(old[c])), result.centers.row(c).begin());
  }
  TG_TRY(auto measured, measure(result.centers.view(), x, run));
  result.clusters.labels = std::move(found.labels);
  result.clusters.strength = std::move(measured.strength);
  result.clusters.n_clusters = narrow<std::int32_t>(old.size());
  return result;
}

Result<void> check_starts(MatrixView<const float> starts, MatrixView<const float> x,
                          RunContext& run) {
  if (starts.rows() == 0) return {};
  if (starts.cols() != x.cols()) {
    return input_error(ErrorCode::invalid_argument, "starts",
                       "expected centers of " + std::to_string(x.cols()) + " columns, found " +
                           std::to_string(starts.cols()));
  }
  return detail::check_points(starts, "starts", run);
}

}  // namespace

Result<KMeansResult> kmeans(MatrixView<const float> x, std::span<const std::int32_t> weights,
                            MatrixView<const float> starts, const KMeansOptions& options,
                            RunContext& run) {
  TG_TRY(validate_options(options, "kmeans"));
  TG_TRY(detail::check_points(x, "kmeans", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "kmeans"));
  if (x.rows() == 0) {
    return input_error(ErrorCode::invalid_argument, "kmeans", "expected points, found none");
  }
  TG_TRY(check_starts(starts, x, run));
  Matrix<float> unit;
  if (options.spherical) {
    TG_TRY(unit, unit_rows(x, run));
    x = unit.view();
  }
  const int n_init = starts.rows() > 0 ? 1 : options.n_init;
  Stage stage(run, "kmeans", static_cast<std::uint64_t>(n_init) + 1);
  TG_TRY(const auto squared, detail::squared_norms(x, run));
  TG_TRY(const double variance, mean_variance(x, weights, run));
  stage.advance();
  detail::LloydResult best;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < n_init; ++i) {
    const RandomKey key = random_key(run.seed() + static_cast<std::uint64_t>(i), "kmeans.starts");
    Matrix<float> from;
    if (starts.rows() > 0) {
      from = Matrix<float>(starts.rows(), starts.cols());
      for (std::size_t c = 0; c < starts.rows(); ++c) {
        std::ranges::copy(starts.row(c), from.row(c).begin());
      }
      if (options.spherical) {
        TG_TRY(from, unit_rows(from.view(), run));
      }
    } else {
      TG_TRY(from, detail::draw_starts(x, squared, weights, idx(options.n_clusters), options.init,
                                       key, run));
    }
    TG_TRY(auto found,
           detail::lloyd(x, squared, weights, std::move(from),
                         {options.max_iter, options.tol * variance, options.spherical}, run));
    TG_TRY(const double inertia, inertia_of(x, weights, found, run));
    if (i == 0 || inertia < least) {
      least = inertia;
      best = std::move(found);
    }
    stage.advance();
  }
  return finish(x, weights, std::move(best), least, run);
}

Result<CenterPrediction> predict_centers(MatrixView<const float> centers,
                                         MatrixView<const float> points, bool is_spherical,
                                         RunContext& run) {
  if (centers.rows() == 0 || points.cols() != centers.cols()) {
    return input_error(ErrorCode::invalid_argument, "predict",
                       "expected points of " + std::to_string(centers.cols()) +
                           " columns and at least one center, found " +
                           std::to_string(points.cols()) + " columns and " +
                           std::to_string(centers.rows()) + " centers");
  }
  TG_TRY(detail::check_points(points, "predict", run));
  if (!is_spherical) return measure(centers, points, run);
  TG_TRY(const auto unit, unit_rows(points, run));
  return measure(centers, unit.view(), run);
}

}  // namespace topograph
