#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/types.hpp"

namespace topograph::detail {

/// The clusters of a condensed tree by number (id - n_points, the root is 0): parents come before
/// their children.
struct ClusterTree {
  std::vector<std::int32_t> parent = {};  ///< -1 for the root.
  std::vector<std::vector<std::int32_t>> children = {};
  std::vector<double> birth = {};       ///< lambda at which it appears; 0 for the root.
  std::vector<std::int64_t> size = {};  ///< Weight at birth.
  std::vector<double> max_lambda = {};  ///< Largest finite lambda of its own rows; 0 when none.
  double root_height = 0;               ///< Largest finite distance at which anything parts.
  std::vector<double> stability = {};   ///< Sum over its rows of (lambda - birth) * size.

  [[nodiscard]] std::size_t n_clusters() const { return parent.size(); }
};

[[nodiscard]] ClusterTree cluster_tree(const CondensedTree& tree);

/// Number of the selected cluster that holds each cluster, itself included; 0 (the root) for those
/// under none. `selected` are condensed-tree ids.
[[nodiscard]] std::vector<std::int32_t> owning_clusters(const ClusterTree& clusters,
                                                        const CondensedTree& tree,
                                                        std::span<const std::int32_t> selected);

}  // namespace topograph::detail
