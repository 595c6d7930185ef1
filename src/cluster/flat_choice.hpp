#pragma once

#include <cstddef>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/types.hpp"

namespace topograph::detail {

/// Options whose selection has the wanted number of clusters, or the nearest one possible.
struct FlatChoice {
  HdbscanOptions options = {};
  std::size_t n_clusters = 0;
};

/// Chooses cluster_selection_epsilon for options.n_clusters: the largest distance, just below a
/// split, that leaves as many clusters. Leaves take the place of eom's clusters when those are
/// fewer. One cluster is everything.
[[nodiscard]] FlatChoice choose_epsilon(const CondensedTree& tree, const HdbscanOptions& options);

}  // namespace topograph::detail
