#include "topograph/cluster/hdbscan_steps.hpp"

#include <cstddef>
#include <limits>

#include "cluster/cluster_tree.hpp"
#include "cluster/excess_of_mass.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace detail {

MassSelection excess_of_mass(const ClusterTree& clusters, const HdbscanOptions& options) {
  const std::size_t n = clusters.n_clusters();
  const std::int64_t max_size = options.max_cluster_size > 0
                                    ? options.max_cluster_size
                                    : std::numeric_limits<std::int64_t>::max();
  const double highest =
      options.cluster_selection_epsilon_max.value_or(std::numeric_limits<double>::infinity());
  MassSelection result{std::vector<char>(n, 0), clusters.stability};
  // Children have larger numbers than their parents: each is decided before the parent.
  for (std::size_t c = n; c-- > (options.allow_single_cluster ? 0U : 1U);) {
    double below = 0;
    std::int64_t size_below = 0;
    for (const std::int32_t child : clusters.children[c]) {
      below += result.stability[idx(child)];
      size_below += clusters.size[idx(child)];
    }
    // hdbscan counts at the root only what its children hold.
    const std::int64_t size = c == 0 ? size_below : clusters.size[c];
    const double height = c == 0 ? clusters.root_height : 1 / clusters.birth[c];
    const bool is_given_up = below > result.stability[c] || size > max_size || height > highest;
    result.is_selected[c] = is_given_up ? 0 : 1;
    if (result.is_selected[c] == 0) result.stability[c] = below;
  }
  std::vector<char> is_covered(n, 0);
  for (std::size_t c = 1; c < n; ++c) {
    const std::size_t parent = idx(clusters.parent[c]);
    is_covered[c] = is_covered[parent] != 0 || result.is_selected[parent] != 0 ? 1 : 0;
    if (is_covered[c] != 0) result.is_selected[c] = 0;
  }
  return result;
}

namespace {

std::vector<char> select_leaves(const ClusterTree& clusters) {
  std::vector<char> is_selected(clusters.n_clusters(), 0);
  for (std::size_t c = 1; c < is_selected.size(); ++c) {
    is_selected[c] = clusters.children[c].empty() ? 1 : 0;
  }
  return is_selected;
}

/// The highest ancestor that is split off above epsilon; a child of the root at the least.
std::size_t climb(const ClusterTree& clusters, std::size_t cluster, double epsilon,
                  bool allow_single_cluster) {
  while (true) {
    const std::size_t parent = idx(clusters.parent[cluster]);
    if (parent == 0) return allow_single_cluster ? 0 : cluster;
    if (1 / clusters.birth[parent] > epsilon) return parent;
    cluster = parent;
  }
}

/// Replaces selected clusters that were split off below epsilon by the ancestor they climb to.
void merge_below(const ClusterTree& clusters, const HdbscanOptions& options,
                 std::vector<char>& is_selected) {
  const double epsilon = options.cluster_selection_epsilon;
  const std::vector<char> before = is_selected;
  for (std::size_t c = 1; c < before.size(); ++c) {
    if (before[c] == 0 || !(1 / clusters.birth[c] < epsilon)) continue;
    is_selected[c] = 0;
    is_selected[climb(clusters, c, epsilon, options.allow_single_cluster)] = 1;
  }
}

}  // namespace
}  // namespace detail

std::vector<std::int32_t> select_clusters(const CondensedTree& tree,
                                          const HdbscanOptions& options) {
  const detail::ClusterTree clusters = detail::cluster_tree(tree);
  if (clusters.size[0] < options.min_cluster_size) return {};
  std::vector<char> is_selected = options.cluster_selection_method == ClusterSelection::leaf
                                      ? detail::select_leaves(clusters)
                                      : detail::excess_of_mass(clusters, options).is_selected;
  if (options.cluster_selection_epsilon > 0 && clusters.n_clusters() > 1) {
    detail::merge_below(clusters, options, is_selected);
  }
  std::vector<std::int32_t> selected;
  for (std::size_t c = 0; c < is_selected.size(); ++c) {
    if (is_selected[c] != 0) selected.push_back(tree.n_points + narrow<std::int32_t>(c));
  }
  return selected;
}

}  // namespace topograph
