#pragma once

#include <vector>

#include "topograph/core/column_table.hpp"

namespace topograph::cli {

/// The rows of all tables, one table after another, in the union of their columns (by name, in the
/// order in which they first occur). A column that a table lacks is missing there; columns of
/// different types become text.
[[nodiscard]] ColumnTable stacked_tables(const std::vector<const ColumnTable*>& tables);

}  // namespace topograph::cli
