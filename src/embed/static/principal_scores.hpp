#pragma once

#include <cstddef>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

struct PrincipalScores {
  Matrix<double> scores = {};     ///< (rows, n_components)
  double explained_variance = 0;  ///< Share of the total variance in [0, 1]; 1 when there is none.
};

/// Centres the rows and projects them on the eigenvectors of their covariance with the largest
/// eigenvalues; in each column the score of largest magnitude (the first of equals) is positive.
///
/// @param n_components  In [1, x.cols()].
/// @determinism         Bit-identical for any thread count; float64 throughout.
[[nodiscard]] Result<PrincipalScores> principal_scores(MatrixView<const float> x,
                                                       std::size_t n_components, RunContext& run);

}  // namespace topograph::detail
