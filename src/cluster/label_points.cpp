#include "topograph/cluster/hdbscan_steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "cluster/cluster_tree.hpp"
#include "cluster/excess_of_mass.hpp"
#include "cluster/number_by_size.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Rows of the root count as its members only from this lambda on (hdbscan's rule for a single
/// cluster: what is left when its densest direct member leaves, or what epsilon allows).
double root_threshold(const CondensedTree& tree, const HdbscanOptions& options) {
  if (options.cluster_selection_epsilon > 0) {
    return 1 / options.cluster_selection_epsilon;
  }
  double largest = 0;
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    if (tree.parent[row] == tree.n_points) largest = std::max(largest, tree.lambda[row]);
  }
  return largest;
}

double persistence_of(double stability, std::int64_t weight, double max_lambda) {
  if (!std::isfinite(max_lambda) || max_lambda == 0 || weight == 0) return 1;
  return stability / (static_cast<double>(weight) * max_lambda);
}

}  // namespace

Clustering label_points(const CondensedTree& tree, std::span<const std::int32_t> selected,
                        std::span<const std::int32_t> weights, const HdbscanOptions& options,
                        std::vector<std::int32_t>& cluster_order) {
  const std::size_t n = idx(tree.n_points);
  TG_EXPECTS(weights.empty() || weights.size() == n);
  const detail::ClusterTree clusters = detail::cluster_tree(tree);
  const std::vector<std::int32_t> owner = detail::owning_clusters(clusters, tree, selected);
  const bool is_single =
      options.allow_single_cluster && selected.size() == 1 && selected.front() == tree.n_points;
  const double threshold = is_single ? root_threshold(tree, options) : 0;

  Clustering result{std::vector<std::int32_t>(n, kNoise), std::vector<float>(n, 0.0F)};
  double max_lambda = 0;
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    const double lambda = tree.lambda[row];
    max_lambda = std::max(max_lambda, lambda);
    if (tree.child[row] >= tree.n_points) continue;
    const std::int32_t cluster = owner[idx(tree.parent[row] - tree.n_points)];
    if (cluster == 0 && (!is_single || lambda < threshold || lambda == 0)) continue;
    const std::size_t point = idx(tree.child[row]);
    const double death = clusters.max_lambda[idx(cluster)];
    result.labels[point] = cluster;
    result.strength[point] = death == 0 || !std::isfinite(lambda)
                                 ? 1.0F
                                 : static_cast<float>(std::min(lambda, death) / death);
  }
  const std::vector<std::int32_t> order = detail::number_by_size(result.labels, weights);
  result.n_clusters = narrow<std::int32_t>(order.size());

  const std::vector<double> stability = options.cluster_selection_method == ClusterSelection::eom
                                            ? detail::excess_of_mass(clusters, options).stability
                                            : clusters.stability;
  std::vector<std::int64_t> weight(order.size(), 0);
  for (std::size_t point = 0; point < n; ++point) {
    if (result.labels[point] < 0) continue;
    weight[idx(result.labels[point])] += weights.empty() ? 1 : weights[point];
  }
  cluster_order.clear();
  for (std::size_t label = 0; label < order.size(); ++label) {
    cluster_order.push_back(tree.n_points + order[label]);
    result.persistence.push_back(
        persistence_of(stability[idx(order[label])], weight[label], max_lambda));
  }
  return result;
}

}  // namespace topograph
