#include <algorithm>
#include <cstddef>

#include "cluster/cluster_tree.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

std::vector<std::vector<std::int32_t>> exemplars(const CondensedTree& tree,
                                                 std::span<const std::int32_t> selected) {
  const detail::ClusterTree clusters = detail::cluster_tree(tree);
  const std::vector<std::int32_t> owner = detail::owning_clusters(clusters, tree, selected);
  std::vector<std::int32_t> label_of(clusters.n_clusters(), kNoise);
  for (std::size_t label = 0; label < selected.size(); ++label) {
    label_of[idx(selected[label] - tree.n_points)] = narrow<std::int32_t>(label);
  }
  std::vector<double> last(clusters.n_clusters(), 0.0);  // Largest lambda, infinite ones too.
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    double& of_parent = last[idx(tree.parent[row] - tree.n_points)];
    of_parent = std::max(of_parent, tree.lambda[row]);
  }
  std::vector<std::vector<std::int32_t>> result(selected.size());
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    const std::size_t cluster = idx(tree.parent[row] - tree.n_points);
    if (tree.child[row] >= tree.n_points || !clusters.children[cluster].empty()) continue;
    const std::int32_t label = label_of[idx(owner[cluster])];
    if (label == kNoise || tree.lambda[row] != last[cluster]) continue;
    result[idx(label)].push_back(tree.child[row]);
  }
  for (auto& rows : result) std::sort(rows.begin(), rows.end());
  return result;
}

}  // namespace topograph
