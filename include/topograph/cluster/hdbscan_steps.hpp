#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Distance of every point to its min_samples-th neighbour (weights: see `hdbscan`), euclidean; to
/// the farthest one when there are fewer.
/// @error invalid_argument: min_samples < 1, weights of another length or below 1, no columns, a
///        non-finite value (first row named).
[[nodiscard]] Result<std::vector<double>> core_distances(MatrixView<const float> x,
                                                         std::span<const std::int32_t> weights,
                                                         int min_samples, RunContext& run);

/// Minimum spanning tree of the mutual reachability max(core_a, core_b, d / alpha).
/// @error       invalid_argument: alpha not above 0, no columns, a value that is not finite.
/// @determinism Bit-identical for any thread count: ties by (distance, smaller id, larger id).
/// @cost        Up to 20 columns Boruvka with a k-d tree, about O(n log^2 n); above, O(n^2 d).
[[nodiscard]] Result<SpanningTree> mutual_reachability_tree(MatrixView<const float> x,
                                                            std::span<const double> core,
                                                            double alpha, RunContext& run);

/// Merges the tree's edges in order into a linkage (union-find). `weights` may be empty. A tree
/// without edges is that of one point.
[[nodiscard]] Linkage link_spanning_tree(const SpanningTree& tree,
                                         std::span<const std::int32_t> weights);

/// Keeps only splits into two sides of at least min_cluster_size. `weights` may be empty.
///
/// @param core  Core distances by row: a point that stands for min_cluster_size copies can be all
/// of
///              a cluster; its copies part at its core distance. Empty: 0.
[[nodiscard]] CondensedTree condense_tree(const Linkage& linkage,
                                          std::span<const std::int32_t> weights,
                                          int min_cluster_size, std::span<const double> core = {});

/// Undoes splits whose less persistent side lives for less than `threshold` (span of lambda from
/// the split to its densest point); clusters are numbered anew.
/// @peer hdbscan 0.8.44 `simplify_hierarchy`: points of a removed cluster keep their lambda when
/// its
///       sibling is removed with it, else they leave at the split.
[[nodiscard]] CondensedTree simplify_tree(const CondensedTree& tree, double threshold);

/// Condensed-tree ids of the selected clusters, ascending. None when all points together weigh less
/// than min_cluster_size.
/// @peer hdbscan 0.8.44 `get_clusters`; sums of stability are kept in double, not in float.
[[nodiscard]] std::vector<std::int32_t> select_clusters(const CondensedTree& tree,
                                                        const HdbscanOptions& options);

/// Labels, strengths and persistence of a selection. `cluster_order` receives the condensed-tree id
/// of every label.
///
/// Strength is lambda / the largest finite lambda of the cluster (1 where lambda is infinite):
/// unlike in the peer, exact duplicates in a cluster do not bring the strength of all others to 0.
/// Persistence is stability / (weight * largest lambda of the tree); 1 when that is infinite.
[[nodiscard]] Clustering label_points(const CondensedTree& tree,
                                      std::span<const std::int32_t> selected,
                                      std::span<const std::int32_t> weights,
                                      const HdbscanOptions& options,
                                      std::vector<std::int32_t>& cluster_order);

/// GLOSH outlier scores in [0, 1]: (L - lambda) / L with L the largest finite lambda in the cluster
/// and below; 0 where lambda is infinite.
/// @source Campello, Moulavi, Zimek & Sander 2015.
[[nodiscard]] std::vector<float> outlier_scores(const CondensedTree& tree);

/// Rows that stand for each selected cluster: those that leave a leaf of the condensed tree below
/// it last. Ascending in each cluster.
/// @peer hdbscan 0.8.44 `exemplars_`.
[[nodiscard]] std::vector<std::vector<std::int32_t>> exemplars(
    const CondensedTree& tree, std::span<const std::int32_t> selected);

/// Groups of points linked below `distance` that weigh at least min_cluster_size; the others are
/// noise. Strength is 1 inside. This is DBSCAN with min_samples of the tree and border points as
/// noise (DBSCAN*).
/// @error invalid_argument: min_cluster_size < 1, distance not above 0, weights of another length.
/// @peer  hdbscan 0.8.44 `dbscan_clustering`.
[[nodiscard]] Result<Clustering> dbscan_cut(const HdbscanTree& tree,
                                            std::span<const std::int32_t> weights, double distance,
                                            int min_cluster_size);

}  // namespace topograph
