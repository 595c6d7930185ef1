#include "topograph/cluster/hdbscan.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "cluster/core_distances.hpp"
#include "cluster/kd_tree.hpp"
#include "cluster/mutual_reachability_tree.hpp"
#include "cluster/point_checks.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Near points kept as first bounds of the spanning tree: more save no searches, and cost memory.
constexpr std::size_t kNearPoints = 16;

}  // namespace

Result<HdbscanResult> hdbscan(MatrixView<const float> x, std::span<const std::int32_t> weights,
                              const HdbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  TG_TRY(detail::check_points(x, "hdbscan", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "hdbscan"));
  HdbscanResult result;
  if (x.rows() == 0) return result;
  if (!std::in_range<std::int32_t>(2 * x.rows())) {
    return input_error(ErrorCode::unsupported, "hdbscan",
                       "expected at most 2^30 points, found " + std::to_string(x.rows()));
  }
  Stage stage(run, "hdbscan", 2 * x.rows());
  const int min_samples = options.min_samples.value_or(options.min_cluster_size);
  const detail::KdTree tree(x);
  {
    TG_TRY(auto dense,
           detail::find_core_distances(tree, weights, min_samples, kNearPoints, &stage, run));
    TG_TRY(result.tree,
           detail::find_spanning_tree(tree, dense.core, dense.near.view(),
                                      static_cast<double>(options.alpha), &stage, run));
    result.core_distances = std::move(dense.core);
  }
  result.linkage = link_spanning_tree(result.tree, weights);
  result.condensed =
      condense_tree(result.linkage, weights, options.min_cluster_size, result.core_distances);
  if (run.stop_requested()) return cancelled();
  const auto selected = select_clusters(result.condensed, options);
  result.clusters = label_points(result.condensed, selected, weights, options, result.selected);
  result.outlier_scores = outlier_scores(result.condensed);
  return result;
}

}  // namespace topograph
