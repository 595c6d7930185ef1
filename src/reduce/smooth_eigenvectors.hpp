#pragma once

#include <cstddef>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The smoothest non-trivial eigenvectors of a connected graph.
struct SmoothEigenvectors {
  Matrix<float> vectors = {};            ///< (n, k), unit columns, signs fixed.
  std::vector<double> eigenvalues = {};  ///< Of the Laplacian, ascending.
  double residual = 0;                   ///< Largest |L v - lambda v|.
  bool converged = false;
};

/// Eigenvectors 1 .. k of I - D^-1/2 W D^-1/2 for a connected symmetric graph, k <= n - 1.
/// @determinism Bit-identical for any thread count; bounded iterations.
[[nodiscard]] Result<SmoothEigenvectors> smooth_eigenvectors(CsrView<float> graph, std::size_t k,
                                                             double tolerance, RunContext& run);

/// Memory that takes at most, besides the graph.
[[nodiscard]] std::size_t smooth_eigenvectors_bytes(std::size_t n_vertices, std::size_t n_edges,
                                                    std::size_t k);

}  // namespace topograph::detail
