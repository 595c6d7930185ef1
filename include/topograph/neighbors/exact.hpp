#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Finds the k nearest other rows of every row of x (n, d), exactly, by blocked matrix products.
///
/// @error       invalid_argument: n < 2, k < 1, k > n - 1, or a non-finite value (first row named).
/// @determinism Bit-identical for any thread count. Ties by the smaller id.
/// @cost        O(n^2 d) flops, O(n k + block) memory; the symmetric half is computed once.
[[nodiscard]] Result<KnnGraph> exact_knn(MatrixView<const float> x, std::size_t k, Metric metric,
                                         RunContext& run);

/// The k nearest rows of `reference` (n, d) for every row of `queries` (m, d), k <= n. A query that
/// equals a reference row finds it at distance 0 (exactly 0 for identical bytes). Each query's
/// answer does not depend on the other queries.
[[nodiscard]] Result<KnnGraph> exact_knn_query(MatrixView<const float> reference,
                                               MatrixView<const float> queries, std::size_t k,
                                               Metric metric, RunContext& run);

}  // namespace topograph
