#pragma once

#include <cstddef>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/rows_view.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// The memory that neighbours of so many rows need by a method, within the budget.
[[nodiscard]] Result<void> check_memory(std::size_t needed, std::size_t rows,
                                        std::string_view method, RunContext& run);

/// A graph of the rows of x with k neighbours: 2 rows at least, 1 <= k < rows, rows < 2^31.
[[nodiscard]] Result<void> check_graph_shape(const RowsView& x, std::size_t k);

/// k neighbours among `reference` for each query: same columns, 1 <= k <= rows.
[[nodiscard]] Result<void> check_query_shape(const RowsView& reference,
                                             MatrixView<const float> queries, std::size_t k);

}  // namespace topograph
