#pragma once

#include <vector>

#include "cluster/cluster_tree.hpp"
#include "topograph/cluster/hdbscan.hpp"

namespace topograph::detail {

struct MassSelection {
  std::vector<char> is_selected = {};  ///< By cluster number.
  std::vector<double> stability = {};  ///< A cluster given up for its children has their sum.
};

/// Chooses disjoint clusters of the greatest summed stability: a cluster is given up when its
/// children together are strictly more stable, when it is larger than max_cluster_size, or when it
/// splits off above cluster_selection_epsilon_max.
[[nodiscard]] MassSelection excess_of_mass(const ClusterTree& clusters,
                                           const HdbscanOptions& options);

}  // namespace topograph::detail
