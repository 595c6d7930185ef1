#pragma once

#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The rows that have each column: row t of the result lists (row, value), rows ascending.
/// @determinism  Bit-identical for any thread count.
[[nodiscard]] Result<Csr<double>> transposed(CsrView<double> rows, RunContext& run);

/// Euclidean length of every row.
[[nodiscard]] std::vector<double> row_norms(CsrView<double> rows);

}  // namespace topograph::detail
