#include <cmath>
#include <cstddef>
#include <string>

#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/union_find.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<Clustering> dbscan_cut(const HdbscanTree& tree, std::span<const std::int32_t> weights,
                              double distance, int min_cluster_size) {
  const std::size_t n = tree.core_distances.size();
  if (!(distance > 0)) {
    return option_error("distance", "expected a number above 0, found " + std::to_string(distance));
  }
  if (min_cluster_size < 1) {
    return option_error("min_cluster_size",
                        "expected at least 1, found " + std::to_string(min_cluster_size));
  }
  TG_TRY(detail::check_weights(weights, n, "dbscan_cut"));
  detail::UnionFind sets(n);
  for (std::size_t edge = 0; edge < tree.tree.distance.size(); ++edge) {
    if (tree.tree.distance[edge] < distance) sets.join(tree.tree.from[edge], tree.tree.to[edge]);
  }
  std::vector<std::int64_t> weight_of(n, 0);
  Clustering result{std::vector<std::int32_t>(n, kNoise), std::vector<float>(n, 0.0F)};
  for (std::size_t row = 0; row < n; ++row) {
    result.labels[row] = sets.find(narrow<std::int32_t>(row));
    // Copies of a point hang together from its core distance on.
    const bool is_linked = tree.core_distances[row] < distance;
    weight_of[idx(result.labels[row])] += weights.empty() || !is_linked ? 1 : weights[row];
  }
  for (std::size_t row = 0; row < n; ++row) {
    if (weight_of[idx(result.labels[row])] < min_cluster_size) {
      result.labels[row] = kNoise;
    } else {
      result.strength[row] = 1.0F;
    }
  }
  result.n_clusters = narrow<std::int32_t>(detail::number_by_size(result.labels, weights).size());
  return result;
}

}  // namespace topograph
