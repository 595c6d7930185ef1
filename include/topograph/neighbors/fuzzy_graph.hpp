#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

struct FuzzyGraphOptions {
  float set_op_mix_ratio = 1.0F;  ///< 1: union, 0: intersection.
  /// Neighbours assumed connected at full weight, >= 0; fractions interpolate.
  float local_connectivity = 1.0F;
  /// Neighbours this far away or farther get no edge; umap-learn's value for cosine is 2.
  float disconnection_distance = std::numeric_limits<float>::infinity();
};

/// The wanted limit, else umap-learn's default: opposite vectors have nothing in common, so that
/// cosine distance 2 is no edge; no limit for other metrics.
[[nodiscard]] constexpr float disconnection_distance(Metric metric, std::optional<float> wanted) {
  constexpr float none = std::numeric_limits<float>::infinity();
  return wanted.value_or(metric == Metric::cosine ? 2.0F : none);
}

/// Scale of each row's memberships: sigma and the distance rho below which they are 1.
struct SmoothKnn {
  std::vector<float> sigmas = {};
  std::vector<float> rhos = {};
};

/// Finds rho and sigma of every row so that memberships over the row sum to log2(k + 1): the peer
/// counts the point itself as the first of its n_neighbors = k + 1.
/// An infinite distance means "no neighbour"; it enters neither the sum nor the means.
/// @error  invalid_argument: k < 1, distances negative, NaN or not ascending.
/// @source McInnes, Healy & Melville 2018, arXiv:1802.03426, algorithm 3. @peer `smooth_knn_dist`.
[[nodiscard]] Result<SmoothKnn> smooth_knn(const KnnGraph& knn, float local_connectivity,
                                           RunContext& run);

/// Weights exp(-(d - rho) / sigma) of directed edges, (n, k), aligned with `knn`; 0 where there is
/// no neighbour. @peer `compute_membership_strengths`.
[[nodiscard]] Result<Matrix<float>> membership_strengths(const KnnGraph& knn,
                                                         const SmoothKnn& scales, RunContext& run);

/// Turns neighbour distances into the fuzzy graph: memberships, then the mixed union
/// mix (A + A' - A∘A') + (1 - mix) A∘A'.
/// @error invalid_argument: an option out of range, an id out of range, and what smooth_knn
/// refuses.
/// @peer umap-learn 0.5.12 `fuzzy_simplicial_set` (golden test). @determinism Bit-identical.
[[nodiscard]] Result<FuzzyGraph> fuzzy_graph(const KnnGraph& knn, const FuzzyGraphOptions& options,
                                             RunContext& run);

}  // namespace topograph
