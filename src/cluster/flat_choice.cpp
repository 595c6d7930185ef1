#include "cluster/flat_choice.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

/// Distances just below the splits of the tree, descending: with one of these as epsilon that split
/// is made and those below are not.
std::vector<double> split_distances(const CondensedTree& tree) {
  std::vector<double> result;
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    if (tree.child[row] < tree.n_points || !std::isfinite(tree.lambda[row])) continue;
    result.push_back(std::nextafter(1 / tree.lambda[row], 0.0));
  }
  std::sort(result.begin(), result.end(), std::greater<>());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

FlatChoice count_with(const CondensedTree& tree, HdbscanOptions options, double epsilon) {
  options.cluster_selection_epsilon = epsilon;
  const std::size_t n_clusters = select_clusters(tree, options).size();
  return {options, n_clusters};
}

std::size_t gap(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

}  // namespace

FlatChoice choose_epsilon(const CondensedTree& tree, const HdbscanOptions& options) {
  TG_EXPECTS(options.n_clusters.has_value());
  const auto wanted = static_cast<std::size_t>(*options.n_clusters);
  HdbscanOptions flat = options;
  flat.allow_single_cluster = wanted == 1;
  if (wanted == 1) return count_with(tree, flat, std::numeric_limits<double>::infinity());
  if (flat.cluster_selection_method == ClusterSelection::eom &&
      count_with(tree, flat, 0).n_clusters < wanted) {
    flat.cluster_selection_method = ClusterSelection::leaf;
  }
  const std::vector<double> epsilons = split_distances(tree);
  if (epsilons.empty()) return count_with(tree, flat, 0);
  // Fewer clusters with a larger epsilon: the first one that gives enough.
  const auto enough = std::partition_point(epsilons.begin(), epsilons.end(), [&](double epsilon) {
    return count_with(tree, flat, epsilon).n_clusters < wanted;
  });
  if (enough == epsilons.end()) return count_with(tree, flat, 0);
  const FlatChoice more = count_with(tree, flat, *enough);
  if (more.n_clusters == wanted || enough == epsilons.begin()) return more;
  const FlatChoice fewer = count_with(tree, flat, *(enough - 1));
  return gap(fewer.n_clusters, wanted) <= gap(more.n_clusters, wanted) ? fewer : more;
}

}  // namespace topograph::detail
