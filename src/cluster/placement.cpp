#include "cluster/placement.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "cluster/kd_tree.hpp"
#include "cluster/nearest_points.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/search_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kQueryGrain = 64;

/// The training points a new point may join, and its own core distance.
struct Candidates {
  std::vector<std::int32_t> positions = {};
  std::vector<double> distances = {};
  double core = 0;
};

/// Finds candidates and core distances in the tree over the training rows.
class Placer {
 public:
  Placer(const FittedTree& fitted, const SearchRows& training, const HdbscanOptions& options)
      : fitted_(fitted), training_(training), metric_(options.metric), tree_(training.x) {
    std::int64_t copies = 0;
    for (std::size_t row = 0; row < training.x.rows(); ++row) copies += weight_of(row);
    min_samples_ = std::min<std::int64_t>(options.min_samples.value_or(options.min_cluster_size),
                                          std::max<std::int64_t>(1, copies - 1));
    compat_ = options.compat;
    equal_lambda_ =
        compat_ ? std::numeric_limits<double>::max() : std::numeric_limits<double>::infinity();
  }

  [[nodiscard]] Result<std::vector<Placement>> place(MatrixView<const float> points,
                                                     RunContext& run) const;

 private:
  [[nodiscard]] std::int32_t weight_of(std::size_t search_row) const {
    return fitted_.weights[idx(training_.input_row(search_row))];
  }
  [[nodiscard]] double distance_of(double squared) const {
    return metric_distance(std::sqrt(squared), metric_);
  }
  [[nodiscard]] Candidates candidates_of(NearestPoints& nearest,
                                         std::span<const double> query) const;
  [[nodiscard]] Result<std::vector<double>> candidate_cores(std::span<const Candidates> candidates,
                                                            RunContext& run) const;
  [[nodiscard]] Placement join(const Candidates& of_point, std::span<const double> core) const;

  const FittedTree& fitted_;
  const SearchRows& training_;
  Metric metric_;
  KdTree tree_;
  std::int64_t min_samples_ = 1;
  bool compat_ = false;
  double equal_lambda_ = 0;  ///< Lambda at mutual reachability 0.
};

/// hdbscan looks at the 2 min_samples nearest copies; the point's core distance is the one at the
/// zero-based index min_samples among them.
Candidates Placer::candidates_of(NearestPoints& nearest, std::span<const double> query) const {
  Candidates result;
  std::int64_t copies = 0;
  bool has_core = false;
  for (const auto& found : nearest.find(query)) {
    const double distance = distance_of(found.squared);
    if (copies < 2 * min_samples_) {
      result.positions.push_back(found.position);
      result.distances.push_back(distance);
    }
    copies += weight_of(idx(found.id));
    if (!has_core) result.core = distance;
    has_core = has_core || copies > min_samples_;
    if (has_core && copies >= 2 * min_samples_) break;
  }
  return result;
}

/// Core distances with one neighbour less than at the fit (hdbscan's prediction data count the
/// point itself among min_samples), by position, only where a candidate needs them.
Result<std::vector<double>> Placer::candidate_cores(std::span<const Candidates> candidates,
                                                    RunContext& run) const {
  std::vector<char> is_needed(tree_.n_points(), 0);
  for (const Candidates& of_point : candidates) {
    for (const std::int32_t position : of_point.positions) is_needed[idx(position)] = 1;
  }
  std::vector<double> core(tree_.n_points(), 0.0);
  TG_TRY(parallel_blocks(run, core.size(), kQueryGrain, [&](const Block& block) {
    NearestPoints nearest(tree_, static_cast<std::size_t>(min_samples_));
    std::vector<double> query(tree_.n_dims());
    for (std::size_t position = block.begin; position < block.end; ++position) {
      if (is_needed[position] == 0) continue;
      tree_.read_point(position, query);
      std::int64_t copies = 0;
      for (const auto& found : nearest.find(query)) {
        core[position] = distance_of(found.squared);
        copies += weight_of(idx(found.id));
        if (copies >= min_samples_) break;
      }
    }
  }));
  return core;
}

Placement Placer::join(const Candidates& of_point, std::span<const double> core) const {
  const auto row_at = [&](std::int32_t position) {
    return training_.input_row(idx(tree_.ids()[idx(position)]));
  };
  double least = std::numeric_limits<double>::infinity();
  std::int32_t position = of_point.positions.front();
  for (std::size_t j = 0; j < of_point.positions.size(); ++j) {
    const double of_neighbor = core[idx(of_point.positions[j])];
    const double reach = std::max({of_neighbor, of_point.core, of_point.distances[j]});
    if (reach >= least) continue;
    least = reach;
    position = of_point.positions[j];
  }
  Placement result{row_at(position), least > 0 ? 1 / least : equal_lambda_};
  if (of_point.distances.front() == 0) {
    result.is_copy = true;
    if (!compat_) result.neighbor = row_at(of_point.positions.front());
  }
  return result;
}

Result<std::vector<Placement>> Placer::place(MatrixView<const float> points,
                                             RunContext& run) const {
  std::vector<Candidates> candidates(points.rows());
  TG_TRY(parallel_blocks(run, points.rows(), kQueryGrain, [&](const Block& block) {
    const std::int64_t k = std::max(2 * min_samples_, min_samples_ + 1);
    NearestPoints nearest(tree_, static_cast<std::size_t>(k));
    std::vector<double> query(tree_.n_dims());
    for (std::size_t row = block.begin; row < block.end; ++row) {
      std::transform(points.row(row).begin(), points.row(row).end(), query.begin(),
                     [](float value) { return static_cast<double>(value); });
      candidates[row] = candidates_of(nearest, query);
    }
  }));
  TG_TRY(const auto core, candidate_cores(candidates, run));
  std::vector<Placement> result(points.rows());
  for (std::size_t row = 0; row < result.size(); ++row) result[row] = join(candidates[row], core);
  return result;
}

}  // namespace

std::vector<std::int32_t> rows_of_fit(const HdbscanResult& fitted) {
  std::vector<std::int32_t> rows;
  for (std::size_t row = 0; row < fitted.core_distances.size(); ++row) {
    if (std::isfinite(fitted.core_distances[row])) rows.push_back(narrow<std::int32_t>(row));
  }
  if (rows.size() == fitted.core_distances.size()) rows.clear();
  return rows;
}

Result<void> check_training(const HdbscanResult& fitted, MatrixView<const float> training) {
  if (training.rows() == idx(fitted.condensed.n_points)) return {};
  return input_error(ErrorCode::invalid_argument, "hdbscan",
                     "expected the " + std::to_string(fitted.condensed.n_points) +
                         " rows of the fit, found " + std::to_string(training.rows()));
}

Result<std::vector<Placement>> find_placements(const FittedTree& fitted,
                                               const HdbscanResult& result,
                                               MatrixView<const float> training,
                                               MatrixView<const float> points,
                                               const HdbscanOptions& options, RunContext& run) {
  TG_TRY(check_training(result, training));
  if (points.rows() > 0 && training.rows() > 0 && points.cols() != training.cols()) {
    return input_error(ErrorCode::invalid_argument, "hdbscan",
                       "expected points with " + std::to_string(training.cols()) +
                           " columns, found " + std::to_string(points.cols()));
  }
  std::vector<std::int32_t> point_rows;
  if (options.non_finite == NonFinite::error) {
    TG_TRY(check_points(points, "hdbscan_predict", run));
  } else {
    point_rows = finite_rows(points);
    if (point_rows.size() == points.rows())
      point_rows.clear();
    else if (point_rows.empty())
      return std::vector<Placement>(points.rows());
  }
  std::vector<Placement> placements(points.rows());
  if (placements.empty() || fitted.n_labels() == 0) return placements;
  std::vector<std::int32_t> rows = rows_of_fit(result);
  const bool has_zero = options.metric == Metric::cosine &&
                        (has_zero_row(training, rows) || has_zero_row(points, point_rows));
  const SearchRows known = search_rows(training, std::move(rows), options.metric, has_zero);
  const SearchRows fresh = search_rows(points, std::move(point_rows), options.metric, has_zero);
  TG_TRY(const auto placed, Placer(fitted, known, options).place(fresh.x, run));
  for (std::size_t i = 0; i < placed.size(); ++i) placements[idx(fresh.input_row(i))] = placed[i];
  return placements;
}

std::int32_t cluster_at(const FittedTree& fitted, const Placement& placement) {
  const std::size_t neighbor = idx(placement.neighbor);
  std::int32_t cluster = fitted.parent[neighbor];
  if (fitted.lambda[neighbor] <= placement.lambda) return cluster;
  while (cluster > 0 && fitted.clusters.birth[idx(cluster)] >= placement.lambda) {
    cluster = fitted.clusters.parent[idx(cluster)];
  }
  return cluster;
}

}  // namespace topograph::detail
