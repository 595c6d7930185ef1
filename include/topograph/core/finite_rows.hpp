#pragma once

#include <cstddef>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/rows_view.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Refuses rows that hold a value which is not finite.
///
/// @param what       Stands before the row in the error; may be empty.
/// @param first_row  Number that the first row has in the whole of which x is a part.
/// @error            invalid_argument: the first such row is named, "x row 7".
/// @determinism      The same row for any number of threads.
[[nodiscard]] Result<void> check_finite_rows(const RowsView& x, std::string_view what,
                                             RunContext& run, std::size_t first_row = 0);

}  // namespace topograph
