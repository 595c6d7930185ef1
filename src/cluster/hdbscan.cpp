#include "topograph/cluster/hdbscan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "cluster/core_distances.hpp"
#include "cluster/kd_tree.hpp"
#include "cluster/mutual_reachability_tree.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/prim.hpp"
#include "cluster/search_rows.hpp"
#include "cluster/tree_edge.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Near points kept as first bounds of the spanning tree: more save no searches, and cost memory.
constexpr std::size_t kNearPoints = 16;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The rows to search, all of them when all are finite.
Result<detail::SearchRows> rows_to_search(MatrixView<const float> x, const HdbscanOptions& options,
                                          RunContext& run) {
  std::vector<std::int32_t> rows;
  if (options.non_finite == NonFinite::error || x.cols() == 0) {
    TG_TRY(detail::check_points(x, "hdbscan", run));
  } else {
    rows = detail::finite_rows(x);
    if (rows.size() == x.rows())
      rows.clear();
    else if (rows.empty())
      return detail::SearchRows{.x = x.rows(0, 0)};
  }
  const bool has_zero = options.metric == Metric::cosine && detail::has_zero_row(x, rows);
  return detail::search_rows(x, std::move(rows), options.metric, has_zero);
}

std::vector<std::int32_t> take_weights(std::span<const std::int32_t> weights,
                                       const detail::SearchRows& search) {
  if (search.rows.empty()) return {weights.begin(), weights.end()};
  std::vector<std::int32_t> taken;
  if (weights.empty()) return taken;
  taken.reserve(search.rows.size());
  for (const std::int32_t row : search.rows) taken.push_back(weights[idx(row)]);
  return taken;
}

/// Core distances and spanning tree of the searched rows, in euclidean distances.
Result<HdbscanTree> search_tree(const detail::SearchRows& search,
                                std::span<const std::int32_t> weights,
                                const HdbscanOptions& options, Stage& stage, RunContext& run) {
  HdbscanTree result;
  if (search.x.rows() == 0) return result;
  const int min_samples = options.min_samples.value_or(options.min_cluster_size);
  // 1 - cos is half the squared distance of unit vectors: dividing it by alpha divides the
  // distance by the root.
  const double alpha = options.metric == Metric::cosine
                           ? std::sqrt(static_cast<double>(options.alpha))
                           : static_cast<double>(options.alpha);
  if (search.x.cols() > detail::kMaxTreeDims) {
    TG_TRY(result.core_distances,
           detail::scan_core_distances(search.x, weights, min_samples, &stage, run));
    TG_TRY(auto edges, detail::prim(search.x, result.core_distances, alpha, &stage, run));
    result.tree = detail::as_spanning_tree(std::move(edges));
    return result;
  }
  const detail::KdTree tree(search.x);
  TG_TRY(auto dense,
         detail::find_core_distances(tree, weights, min_samples, kNearPoints, &stage, run));
  TG_TRY(result.tree,
         detail::find_spanning_tree(tree, dense.core, dense.near.view(), alpha, &stage, run));
  result.core_distances = std::move(dense.core);
  return result;
}

/// Euclidean distances of search rows become those of the metric.
void to_metric(HdbscanTree& tree, Metric metric) {
  if (metric == Metric::euclidean) return;
  for (double& core : tree.core_distances) core = detail::metric_distance(core, metric);
  for (double& edge : tree.tree.distance) edge = detail::metric_distance(edge, metric);
}

/// Numbers the tree by input row; rows left out hang on the first one at an infinite distance.
void restore_rows(HdbscanTree& tree, std::span<const std::int32_t> rows, std::size_t n) {
  for (std::int32_t& end : tree.tree.from) end = rows[idx(end)];
  for (std::int32_t& end : tree.tree.to) end = rows[idx(end)];
  std::vector<double> core(n, kInfinity);
  for (std::size_t i = 0; i < rows.size(); ++i) core[idx(rows[i])] = tree.core_distances[i];
  const std::int32_t anchor = rows.empty() ? 0 : rows.front();
  for (std::size_t row = 0; row < n; ++row) {
    const auto id = narrow<std::int32_t>(row);
    if (std::isfinite(core[row]) || id == anchor) continue;
    tree.tree.from.push_back(std::min(id, anchor));
    tree.tree.to.push_back(std::max(id, anchor));
    tree.tree.distance.push_back(kInfinity);
  }
  tree.core_distances = std::move(core);
}

}  // namespace

Result<HdbscanTree> hdbscan_tree(MatrixView<const float> x, std::span<const std::int32_t> weights,
                                 const HdbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  TG_TRY(detail::check_weights(weights, x.rows(), "hdbscan"));
  TG_TRY(const auto search, rows_to_search(x, options, run));
  if (x.rows() == 0) return HdbscanTree{};
  if (!std::in_range<std::int32_t>(2 * x.rows())) {
    return input_error(ErrorCode::unsupported, "hdbscan",
                       "expected at most 2^30 points, found " + std::to_string(x.rows()));
  }
  Stage stage(run, "hdbscan", 2 * x.rows());
  TG_TRY(auto result, search_tree(search, take_weights(weights, search), options, stage, run));
  to_metric(result, options.metric);
  if (result.core_distances.size() < x.rows()) restore_rows(result, search.rows, x.rows());
  result.linkage = link_spanning_tree(result.tree, weights);
  return result;
}

Result<HdbscanResult> hdbscan(MatrixView<const float> x, std::span<const std::int32_t> weights,
                              const HdbscanOptions& options, RunContext& run) {
  HdbscanResult result;
  TG_TRY(static_cast<HdbscanTree&>(result), hdbscan_tree(x, weights, options, run));
  TG_TRY(static_cast<HdbscanCut&>(result), hdbscan_cut(result, weights, options, run));
  return result;
}

}  // namespace topograph
