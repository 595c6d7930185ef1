#pragma once

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Conditional probabilities p(j | i) (n, k), aligned with `knn`, rows sum to 1: Gaussians of the
/// distances whose width gives every row the wanted perplexity (2 to its entropy in bits), found by
/// bisection in float64. Rows whose distances are all equal are uniform.
///
/// @error       invalid_argument: k < 1, perplexity below 1 or above k, a distance negative or not
///              finite (the row is named).
/// @determinism Each row depends on its own distances only. @cost O(n k) time.
/// @source      van der Maaten & Hinton 2008, JMLR 9. @peer openTSNE 1.0.4 (golden test).
[[nodiscard]] Result<Matrix<float>> perplexity_weights(const KnnGraph& knn, double perplexity,
                                                       RunContext& run);

/// Joint probabilities of t-SNE: (P + P') / 2n of the conditional ones, a symmetric (n, n) matrix
/// that sums to 1. @peer openTSNE `PerplexityBasedNN` (golden test).
[[nodiscard]] Result<Csr<float>> tsne_affinities(const KnnGraph& knn, double perplexity,
                                                 RunContext& run);

}  // namespace topograph
