#pragma once

#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Orthonormal basis of the columns of x (n, m), without `trivial`, through the eigenvectors of
/// their Gram matrix, done twice for accuracy. Directions that vanish are left at zero length and
/// return with the next filter.
/// @determinism Bit-identical for any thread count, as all of these.
[[nodiscard]] Result<void> orthonormalize(Matrix<double>& x, const std::vector<double>& trivial,
                                          RunContext& run);

/// Ritz values in falling order; rotates x and ax = A x to the Ritz vectors.
[[nodiscard]] Result<std::vector<double>> ritz_vectors(Matrix<double>& x, Matrix<double>& ax,
                                                       RunContext& run);

/// The largest |A x - value x| of the first k columns.
[[nodiscard]] Result<double> largest_residual(const Matrix<double>& x, const Matrix<double>& ax,
                                              const std::vector<double>& values, std::size_t k,
                                              RunContext& run);

}  // namespace topograph::detail
