#include "topograph/cluster/hdbscan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cluster/cluster_tree.hpp"
#include "cluster/core_distances.hpp"
#include "cluster/kd_tree.hpp"
#include "cluster/nearest_points.hpp"
#include "cluster/point_checks.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kQueryGrain = 64;

/// What the condensed tree says about points and clusters, looked up by index.
struct FittedTree {
  explicit FittedTree(const HdbscanResult& fitted)
      : clusters(detail::cluster_tree(fitted.condensed)),
        owner(detail::owning_clusters(clusters, fitted.condensed, fitted.selected)),
        label_of(clusters.n_clusters(), kNoise),
        parent(idx(fitted.condensed.n_points)),
        lambda(parent.size()),
        weights(parent.size(), 1) {
    const CondensedTree& tree = fitted.condensed;
    for (std::size_t label = 0; label < fitted.selected.size(); ++label) {
      label_of[idx(fitted.selected[label] - tree.n_points)] = narrow<std::int32_t>(label);
    }
    for (std::size_t row = 0; row < tree.child.size(); ++row) {
      if (tree.child[row] >= tree.n_points) continue;
      const std::size_t point = idx(tree.child[row]);
      parent[point] = tree.parent[row] - tree.n_points;
      lambda[point] = tree.lambda[row];
      weights[point] = narrow<std::int32_t>(tree.child_size[row]);
    }
  }

  detail::ClusterTree clusters;
  std::vector<std::int32_t> owner;
  std::vector<std::int32_t> label_of;  ///< By cluster number.
  // By training point:
  std::vector<std::int32_t> parent;
  std::vector<double> lambda;
  std::vector<std::int32_t> weights;
};

/// The training points a new point may join, and its own core distance.
struct Candidates {
  std::vector<std::int32_t> positions = {};
  std::vector<double> distances = {};
  double core = 0;
};

/// hdbscan looks at the 2 min_samples nearest copies; the point's core distance is the one at the
/// zero-based index min_samples among them.
Candidates find_candidates(detail::NearestPoints& nearest, std::span<const double> query,
                           std::span<const std::int32_t> weights, std::int64_t min_samples) {
  Candidates result;
  std::int64_t copies = 0;
  bool has_core = false;
  for (const auto& found : nearest.find(query)) {
    const double distance = std::sqrt(found.squared);
    if (copies < 2 * min_samples) {
      result.positions.push_back(found.position);
      result.distances.push_back(distance);
    }
    copies += weights[idx(found.id)];
    if (!has_core) result.core = distance;
    has_core = has_core || copies > min_samples;
    if (has_core && copies >= 2 * min_samples) break;
  }
  return result;
}

std::pair<std::int32_t, float> place(const FittedTree& fitted, std::int32_t neighbor,
                                     double lambda) {
  std::int32_t cluster = fitted.parent[idx(neighbor)];
  if (fitted.lambda[idx(neighbor)] > lambda) {
    while (cluster > 0 && fitted.clusters.birth[idx(cluster)] >= lambda) {
      cluster = fitted.clusters.parent[idx(cluster)];
    }
  }
  const std::int32_t owner = fitted.owner[idx(cluster)];
  const std::int32_t label = fitted.label_of[idx(owner)];
  if (label == kNoise) return {kNoise, 0.0F};
  const double death = fitted.clusters.max_lambda[idx(owner)];
  return {label, death > 0 ? static_cast<float>(std::min(death, lambda) / death) : 1.0F};
}

/// Core distances with one neighbour less than at the fit (hdbscan's prediction data count the
/// point itself among min_samples), by position, only where a candidate needs them.
Result<std::vector<double>> candidate_cores(const detail::KdTree& tree, const FittedTree& fitted,
                                            std::span<const Candidates> candidates,
                                            std::int64_t min_samples, RunContext& run) {
  std::vector<char> is_needed(tree.n_points(), 0);
  for (const Candidates& of_point : candidates) {
    for (const std::int32_t position : of_point.positions) is_needed[idx(position)] = 1;
  }
  std::vector<double> core(tree.n_points(), 0.0);
  TG_TRY(parallel_blocks(run, core.size(), kQueryGrain, [&](const Block& block) {
    detail::NearestPoints nearest(tree, static_cast<std::size_t>(min_samples));
    std::vector<double> query(tree.n_dims());
    for (std::size_t position = block.begin; position < block.end; ++position) {
      if (is_needed[position] == 0) continue;
      tree.read_point(position, query);
      std::int64_t copies = 0;
      for (const auto& found : nearest.find(query)) {
        core[position] = std::sqrt(found.squared);
        copies += fitted.weights[idx(found.id)];
        if (copies >= min_samples) break;
      }
    }
  }));
  return core;
}

Result<void> check_shapes(const HdbscanResult& fitted, MatrixView<const float> training,
                          MatrixView<const float> points) {
  if (training.rows() != idx(fitted.condensed.n_points)) {
    return input_error(ErrorCode::invalid_argument, "hdbscan_predict",
                       "expected the " + std::to_string(fitted.condensed.n_points) +
                           " rows of the fit, found " + std::to_string(training.rows()));
  }
  if (points.rows() > 0 && training.rows() > 0 && points.cols() != training.cols()) {
    return input_error(ErrorCode::invalid_argument, "hdbscan_predict",
                       "expected points with " + std::to_string(training.cols()) +
                           " columns, found " + std::to_string(points.cols()));
  }
  return {};
}

}  // namespace

Result<HdbscanPrediction> hdbscan_predict(const HdbscanResult& fitted,
                                          MatrixView<const float> training,
                                          MatrixView<const float> points,
                                          const HdbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  TG_TRY(check_shapes(fitted, training, points));
  TG_TRY(detail::check_points(points, "hdbscan_predict", run));
  const std::size_t m = points.rows();
  HdbscanPrediction result{std::vector<std::int32_t>(m, kNoise), std::vector<float>(m, 0.0F)};
  if (m == 0 || fitted.selected.empty()) return result;
  const FittedTree lookup(fitted);
  const detail::KdTree tree(training);
  const std::int64_t copies =
      std::accumulate(lookup.weights.begin(), lookup.weights.end(), std::int64_t{0});
  const std::int64_t min_samples =
      std::min<std::int64_t>(options.min_samples.value_or(options.min_cluster_size),
                             std::max<std::int64_t>(1, copies - 1));

  std::vector<Candidates> candidates(m);
  TG_TRY(parallel_blocks(run, m, kQueryGrain, [&](const Block& block) {
    const std::int64_t k = std::max(2 * min_samples, min_samples + 1);
    detail::NearestPoints nearest(tree, static_cast<std::size_t>(k));
    std::vector<double> query(tree.n_dims());
    for (std::size_t row = block.begin; row < block.end; ++row) {
      std::transform(points.row(row).begin(), points.row(row).end(), query.begin(),
                     [](float value) { return static_cast<double>(value); });
      candidates[row] = find_candidates(nearest, query, lookup.weights, min_samples);
    }
  }));
  TG_TRY(const auto core, candidate_cores(tree, lookup, candidates, min_samples, run));
  TG_TRY(parallel_blocks(run, m, kQueryGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const Candidates& of_point = candidates[row];
      const std::size_t nearest_id = idx(tree.ids()[idx(of_point.positions.front())]);
      if (of_point.distances.front() == 0) {
        result.labels[row] = fitted.clusters.labels[nearest_id];
        result.strength[row] = fitted.clusters.strength[nearest_id];
        continue;
      }
      double least = std::numeric_limits<double>::infinity();
      std::int32_t neighbor = 0;
      for (std::size_t j = 0; j < of_point.positions.size(); ++j) {
        const std::size_t position = idx(of_point.positions[j]);
        const double reach = std::max({core[position], of_point.core, of_point.distances[j]});
        if (reach >= least) continue;
        least = reach;
        neighbor = tree.ids()[position];
      }
      std::tie(result.labels[row], result.strength[row]) = place(lookup, neighbor, 1 / least);
    }
  }));
  return result;
}

}  // namespace topograph
