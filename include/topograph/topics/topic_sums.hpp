#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "topograph/core/csr.hpp"

namespace topograph {

/// Sums of rows: row r is added to row `row_of[r]` of the result, -1 leaves it out. Term counts are
/// whole numbers, so the counts of merged topics are exactly those of counting their documents.
///
/// @param scale  Factor of each row (empty: 1); sums that are 0 are not stored.
/// @cost         O(nnz), or O(nnz log nnz) for sums of more than two rows. Rows are added in order.
[[nodiscard]] Csr<double> sum_rows(CsrView<double> rows, std::span<const std::int32_t> row_of,
                                   std::size_t n_rows, std::span<const double> scale = {});

/// All rows of `first`, then all of `second`; both have the same columns.
[[nodiscard]] Csr<double> stack_rows(CsrView<double> first, CsrView<double> second);

/// The entries that are at least `least`.
[[nodiscard]] Csr<double> without_small(CsrView<double> rows, double least);

/// Sum of two single rows, both times `scale`.
[[nodiscard]] Csr<double> sum_of(CsrView<double> first, CsrView<double> second, double scale = 1);

/// One of the rows.
[[nodiscard]] Csr<double> row_of(CsrView<double> rows, std::size_t row);

/// Rows divided by the sum of their absolute values; empty ones stay empty.
[[nodiscard]] Csr<double> unit_sums(CsrView<double> rows);

}  // namespace topograph
