#pragma once

#include <vector>

#include "topograph/core/csr.hpp"

namespace topograph::detail {

/// The rows that have each column: row t of the result lists (row, value), rows ascending.
[[nodiscard]] Csr<double> transposed(CsrView<double> rows);

/// Euclidean length of every row.
[[nodiscard]] std::vector<double> row_norms(CsrView<double> rows);

}  // namespace topograph::detail
