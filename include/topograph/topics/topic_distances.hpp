#pragma once

#include <cstddef>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// 1 - cosine of all pairs of rows (0, 1), (0, 2) … (n - 2, n - 1), at least 0; a row of zeros is
/// at distance 1 from every other.
///
/// @determinism Bit-identical for any thread count.
/// @cost        Dense O(n^2 d); sparse O(sum over columns of the square of their entries).
/// @peer        scikit-learn 1.9.1 `cosine_similarity`, to 1e-6 for dense float32 rows.
[[nodiscard]] Result<std::vector<double>> cosine_distances(MatrixView<const float> rows,
                                                           RunContext& run);
[[nodiscard]] Result<std::vector<double>> cosine_distances(CsrView<double> rows, RunContext& run);

/// Where the pair of rows a < b of n is in that list.
[[nodiscard]] std::size_t pair_position(std::size_t a, std::size_t b, std::size_t n);

}  // namespace topograph
