#pragma once

#include <cstdint>
#include <vector>

#include "cluster/cluster_tree.hpp"
#include "topograph/cluster/hdbscan.hpp"

namespace topograph::detail {

/// What a fit says about points and clusters, looked up by index. Clusters by number (id -
/// n_points).
struct FittedTree {
  /// @param compat  As the hdbscan package: a cluster is known by the smallest id that its members
  ///                hang on, and its largest lambda may be infinite.
  FittedTree(const HdbscanResult& fitted, bool compat);

  /// Number of the cluster that stands for the label in the tree.
  [[nodiscard]] std::size_t n_labels() const { return cluster_of.size(); }

  ClusterTree clusters;
  std::vector<std::int32_t> cluster_of;  ///< By label: number of its cluster.
  std::vector<std::int32_t> label_of;    ///< By cluster: label it is or lies under; -1: none.
  std::vector<double> densest;           ///< By cluster: largest lambda of its own rows.
  std::vector<double> below;             ///< By cluster: largest finite one, of all below too.
  // By training point:
  std::vector<std::int32_t> parent;
  std::vector<double> lambda;
  std::vector<std::int32_t> weights;
};

}  // namespace topograph::detail
