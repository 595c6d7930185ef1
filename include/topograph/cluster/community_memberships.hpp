#pragma once

#include <cstdint>
#include <span>

#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// How much every point belongs to every community: the share of its edge weight that leads there;
/// what leads to outsiders is noise. A point without edges is its community's alone.
///
/// Rows agree with the labels as those of HDBSCAN do: the label is the largest, and for outsiders
/// noise is; where shares alone say otherwise, a row is moved towards its label as far as needed.
///
/// @param labels  In [0, n_clusters), or -1, one a point of the graph.
/// @param k       Communities kept a row; at least 1, at most all are.
/// @error         invalid_argument: k < 1; cancelled.
/// @determinism   Bit-identical for any number of threads.      @cost O(edges + n n_clusters).
[[nodiscard]] Result<Memberships> community_memberships(const FuzzyGraph& graph,
                                                        std::span<const std::int32_t> labels,
                                                        std::int32_t n_clusters, int k,
                                                        RunContext& run);

/// The same for new points and their neighbours (m, k) among the training points, weighed as in
/// `predict_communities`; rows agree with `labels`, what that found. A point at distance 0 from a
/// training point has that point's row of `training`.
/// @determinism  Bit-identical for any number of threads and any batch a row comes in.
[[nodiscard]] Result<Memberships> predict_community_memberships(
    const KnnGraph& neighbors, std::span<const std::int32_t> training_labels,
    const Memberships& training, std::span<const std::int32_t> labels, std::int32_t n_clusters,
    RunContext& run);

}  // namespace topograph
