#pragma once

#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

/// Eigenvalues of a symmetric matrix, rising, and the vector of length 1 of each.
struct SymmetricEigen {
  std::vector<double> values = {};
  Matrix<double> vectors = {};  ///< (values, n): row i belongs to values[i]. Signs are arbitrary.
};

/// All, by reduction to three diagonals and divide and conquer, in one thread; vectors of equal
/// values are orthogonal, too.
///
/// @param a  (n, n) finite and symmetric; its upper triangle is read.
/// @error internal when the iteration does not converge.
/// @cost O(n^3).
/// @source LAPACK dsyevd (Cuppen 1981; Gu & Eisenstat 1995), which numpy's `eigh` uses, too.
[[nodiscard]] Result<SymmetricEigen> symmetric_eigen(Matrix<double> a);

/// The k largest, in less time where they are few: bisection and inverse iteration after the
/// reduction. As `symmetric_eigen` otherwise, and 0 <= k <= n.
///
/// @source LAPACK dsyevr with a range.
[[nodiscard]] Result<SymmetricEigen> largest_eigen(Matrix<double> a, std::size_t k);

}  // namespace topograph
