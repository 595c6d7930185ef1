#include "cluster/fitted_tree.hpp"

#include <algorithm>
#include <cstddef>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

FittedTree::FittedTree(const HdbscanResult& fitted, bool compat)
    : clusters(cluster_tree(fitted.condensed)),
      label_of(clusters.n_clusters(), kNoise),
      densest(clusters.max_lambda),
      below(clusters.max_lambda),
      parent(idx(fitted.condensed.n_points)),
      lambda(parent.size()),
      weights(parent.size(), 1) {
  const CondensedTree& tree = fitted.condensed;
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    const std::int32_t cluster = tree.parent[row] - tree.n_points;
    if (compat) densest[idx(cluster)] = std::max(densest[idx(cluster)], tree.lambda[row]);
    if (tree.child[row] >= tree.n_points) continue;
    const std::size_t point = idx(tree.child[row]);
    parent[point] = cluster;
    lambda[point] = tree.lambda[row];
    weights[point] = narrow<std::int32_t>(tree.child_size[row]);
  }
  for (const std::int32_t id : fitted.selected) cluster_of.push_back(id - tree.n_points);
  if (compat) {
    std::vector<std::int32_t> least(cluster_of.size(), narrow<std::int32_t>(label_of.size()));
    for (std::size_t point = 0; point < parent.size(); ++point) {
      const std::int32_t label = fitted.clusters.labels[point];
      if (label >= 0) least[idx(label)] = std::min(least[idx(label)], parent[point]);
    }
    cluster_of = least;
  }
  for (std::size_t label = 0; label < cluster_of.size(); ++label) {
    label_of[idx(cluster_of[label])] = narrow<std::int32_t>(label);
  }
  for (std::size_t c = 1; c < label_of.size(); ++c) {
    if (label_of[c] == kNoise) label_of[c] = label_of[idx(clusters.parent[c])];
  }
  for (std::size_t c = below.size(); c-- > 1;) {
    double& above = below[idx(clusters.parent[c])];
    above = std::max(above, below[c]);
  }
}

}  // namespace topograph::detail
