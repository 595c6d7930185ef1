#include "cluster/cluster_tree.hpp"

#include <algorithm>
#include <cmath>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

ClusterTree cluster_tree(const CondensedTree& tree) {
  TG_EXPECTS(tree.child.size() == tree.parent.size() && tree.lambda.size() == tree.parent.size() &&
             tree.child_size.size() == tree.parent.size());
  const std::int32_t root = tree.n_points;
  std::size_t n = 1;
  for (const std::int32_t child : tree.child) n += child >= root ? 1 : 0;
  ClusterTree clusters{
      .parent = std::vector<std::int32_t>(n, -1),
      .children = std::vector<std::vector<std::int32_t>>(n),
      .birth = std::vector<double>(n, 0.0),
      .size = std::vector<std::int64_t>(n, 0),
      .max_lambda = std::vector<double>(n, 0.0),
      .stability = std::vector<double>(n, 0.0),
  };
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    const std::int32_t parent = tree.parent[row] - root;
    // Rows that were left out as non-finite leave at lambda 0.
    if (parent == 0 && tree.lambda[row] > 0) clusters.size[0] += tree.child_size[row];
    if (tree.lambda[row] > 0) {
      clusters.root_height = std::max(clusters.root_height, 1 / tree.lambda[row]);
    }
    if (tree.child[row] < root) continue;
    const std::int32_t child = tree.child[row] - root;
    TG_EXPECTS(parent >= 0 && parent < child && idx(child) < n);
    clusters.parent[idx(child)] = parent;
    clusters.children[idx(parent)].push_back(child);
    clusters.birth[idx(child)] = tree.lambda[row];
    clusters.size[idx(child)] = tree.child_size[row];
  }
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    const std::size_t parent = idx(tree.parent[row] - root);
    const double lambda = tree.lambda[row];
    if (std::isfinite(lambda)) {
      clusters.max_lambda[parent] = std::max(clusters.max_lambda[parent], lambda);
    }
    // A cluster born at an infinite lambda also dies there: inf - inf counts as nothing.
    if (lambda == clusters.birth[parent]) continue;
    clusters.stability[parent] +=
        (lambda - clusters.birth[parent]) * static_cast<double>(tree.child_size[row]);
  }
  return clusters;
}

std::vector<std::int32_t> owning_clusters(const ClusterTree& clusters, const CondensedTree& tree,
                                          std::span<const std::int32_t> selected) {
  std::vector<std::int32_t> owner(clusters.n_clusters(), 0);
  for (const std::int32_t id : selected) {
    TG_EXPECTS(id >= tree.n_points && idx(id - tree.n_points) < owner.size());
    owner[idx(id - tree.n_points)] = id - tree.n_points;
  }
  for (std::size_t c = 1; c < owner.size(); ++c) {
    if (owner[c] == 0) owner[c] = owner[idx(clusters.parent[c])];
  }
  return owner;
}

}  // namespace topograph::detail
