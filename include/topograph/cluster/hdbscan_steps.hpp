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

/// Distance of every point to its min_samples-th neighbour (weights: see `hdbscan`), euclidean.
[[nodiscard]] Result<std::vector<double>> core_distances(MatrixView<const float> x,
                                                         std::span<const std::int32_t> weights,
                                                         int min_samples, RunContext& run);

/// Minimum spanning tree of the mutual reachability max(core_a, core_b, d / alpha).
/// @determinism Ties by (distance, smaller id, larger id).
[[nodiscard]] Result<SpanningTree> mutual_reachability_tree(MatrixView<const float> x,
                                                            std::span<const double> core,
                                                            double alpha, RunContext& run);

/// Merges the tree's edges in order into a linkage (union-find). `weights` may be empty.
[[nodiscard]] Linkage link_spanning_tree(const SpanningTree& tree,
                                         std::span<const std::int32_t> weights);

/// Keeps only splits into two sides of at least min_cluster_size. `weights` may be empty.
[[nodiscard]] CondensedTree condense_tree(const Linkage& linkage,
                                          std::span<const std::int32_t> weights,
                                          int min_cluster_size);

/// Condensed-tree ids of the selected clusters, ascending.
[[nodiscard]] std::vector<std::int32_t> select_clusters(const CondensedTree& tree,
                                                        const HdbscanOptions& options);

/// Labels, strengths and persistence of a selection.
[[nodiscard]] Clustering label_points(const CondensedTree& tree,
                                      std::span<const std::int32_t> selected,
                                      std::span<const std::int32_t> weights,
                                      const HdbscanOptions& options,
                                      std::vector<std::int32_t>& cluster_order);

/// GLOSH outlier scores.
[[nodiscard]] std::vector<float> outlier_scores(const CondensedTree& tree);

}  // namespace topograph
