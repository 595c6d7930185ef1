#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "cluster/fitted_tree.hpp"
#include "cluster/placement.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

float strength_in(const detail::FittedTree& fitted, std::int32_t label, double lambda) {
  const double death = fitted.densest[idx(fitted.cluster_of[idx(label)])];
  return death > 0 ? static_cast<float>(std::min(death, lambda) / death) : 1.0F;
}

/// GLOSH of a point that leaves the neighbour's cluster at `lambda`.
float outlier_score(const detail::FittedTree& fitted, std::int32_t neighbor, double lambda) {
  const double most = fitted.below[idx(fitted.parent[idx(neighbor)])];
  if (most == 0 || !std::isfinite(lambda)) return 0.0F;
  return static_cast<float>((most - lambda) / most);
}

}  // namespace

Result<HdbscanPrediction> hdbscan_predict(const HdbscanResult& fitted,
                                          MatrixView<const float> training,
                                          MatrixView<const float> points,
                                          const HdbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  const detail::FittedTree lookup(fitted, options.compat);
  TG_TRY(const auto placements,
         detail::find_placements(lookup, fitted, training, points, options, run));
  const std::size_t m = points.rows();
  HdbscanPrediction result{std::vector<std::int32_t>(m, kNoise), std::vector<float>(m, 0.0F),
                           std::vector<float>(m, 1.0F)};
  for (std::size_t row = 0; row < m; ++row) {
    const detail::Placement& placement = placements[row];
    if (placement.neighbor < 0) continue;
    const std::size_t neighbor = idx(placement.neighbor);
    if (placement.is_copy && !options.compat) {
      result.labels[row] = fitted.clusters.labels[neighbor];
      result.strength[row] = fitted.clusters.strength[neighbor];
      result.outlier_scores[row] = fitted.outlier_scores[neighbor];
      continue;
    }
    const std::int32_t label = lookup.label_of[idx(detail::cluster_at(lookup, placement))];
    result.labels[row] = label;
    if (label >= 0) result.strength[row] = strength_in(lookup, label, placement.lambda);
    const double lambda = placement.is_copy ? lookup.lambda[neighbor] : placement.lambda;
    const float score = outlier_score(lookup, placement.neighbor, lambda);
    result.outlier_scores[row] = options.compat ? score : std::max(score, 0.0F);
  }
  return result;
}

}  // namespace topograph
