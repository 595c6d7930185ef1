#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"

namespace topograph::cli {

/// Times of a column in microseconds since 1970, UTC: timestamps as they are; text and numbers read
/// as 2020, 2020-05, 2020-05-17, with a time of day behind T or a blank. Blank cells have none.
/// @error input subject: a cell that is no time, with its row.
[[nodiscard]] Result<std::vector<std::optional<std::int64_t>>> column_times(const Column& column);

}  // namespace topograph::cli
