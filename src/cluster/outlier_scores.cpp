#include "topograph/cluster/hdbscan_steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "cluster/cluster_tree.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

std::vector<float> outlier_scores(const CondensedTree& tree) {
  const detail::ClusterTree clusters = detail::cluster_tree(tree);
  std::vector<double> densest = clusters.max_lambda;  // Of a cluster and everything below.
  for (std::size_t c = densest.size(); c-- > 1;) {
    double& above = densest[idx(clusters.parent[c])];
    above = std::max(above, densest[c]);
  }
  std::vector<float> scores(idx(tree.n_points), 0.0F);
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    if (tree.child[row] >= tree.n_points) continue;
    const double lambda = tree.lambda[row];
    const double most = densest[idx(tree.parent[row] - tree.n_points)];
    if (most == 0 || !std::isfinite(lambda)) continue;
    scores[idx(tree.child[row])] = static_cast<float>((most - lambda) / most);
  }
  return scores;
}

}  // namespace topograph
