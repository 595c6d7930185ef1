#pragma once

#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

struct SpectralResult {
  /// (n, n_components); empty for up to n_components + 1 connected vertices.
  Matrix<float> coords = {};
  bool converged = false;  ///< Residuals of all eigenvectors are below 1e-4.
  int n_graph_components = 0;
};

/// Eigenvectors 1 .. n_components of the symmetric normalised Laplacian of the graph, signs fixed
/// (largest-magnitude entry positive). Disconnected graphs get a layout per connected component,
/// placed around component positions, so the result has no overlap of unrelated parts.
///
/// @source      Chebyshev-filtered subspace iteration, Zhou & Saad 2006.
/// @determinism Bit-identical for any thread count. Never hangs: iterations are bounded.
/// @peer        umap-learn `spectral_layout` (compared up to sign on connected graphs).
[[nodiscard]] Result<SpectralResult> spectral_init(const FuzzyGraph& graph, int n_components,
                                                   RunContext& run);

/// The same; the components of a disconnected graph are placed by the centroids of their rows of
/// `x` (n, d) instead of at random. An empty `x` is as good as none.
[[nodiscard]] Result<SpectralResult> spectral_init(const FuzzyGraph& graph,
                                                   MatrixView<const float> x, int n_components,
                                                   RunContext& run);

}  // namespace topograph
