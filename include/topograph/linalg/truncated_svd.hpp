#pragma once

#include <cstddef>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

struct TruncatedSvdOptions {
  std::size_t n_components = 100;
  std::size_t n_oversamples = 10;  ///< Further directions that are followed and thrown away.
  std::size_t n_iterations = 5;    ///< Power iterations; more separates close singular values.
};

/// The largest singular values and their right vectors, as columns of `loadings` (cols, k): the
/// scores of rows x are x * loadings.
struct TruncatedSvd {
  Matrix<float> loadings = {};
  std::vector<double> singular_values = {};  ///< Falling; 0 beyond the rank, with zero loadings.
};

/// Truncated SVD of a sparse matrix (n, d) by randomised subspace iteration on its smaller side,
/// with a fixed start. k is at most min(n, d). Signs: the entry of largest magnitude of every
/// column of the loadings is positive, ties by the smaller row.
///
/// @error invalid_argument: k < 1 or no entries at all; cancelled.
/// @determinism Bit-identical for any thread count; the start depends on the run's seed.
/// @cost O((nnz + (n + d) (k + p)) (k + p)) an iteration.
/// @source Halko, Martinsson & Tropp 2011, arXiv:0909.4061, algorithms 4.4 and 5.1.
/// @peer scikit-learn 1.9.1 `TruncatedSVD` up to the sign (golden test).
[[nodiscard]] Result<TruncatedSvd> truncated_svd(const CsrView<float>& x,
                                                 const TruncatedSvdOptions& options,
                                                 RunContext& run);

}  // namespace topograph
