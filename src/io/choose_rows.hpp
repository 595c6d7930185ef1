#pragma once

#include <span>
#include <string>

#include "io/source_table.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// Keeps the rows that meet every condition `COLUMN=VALUE[,VALUE...]`: the cell's text is one of
/// the values.
///
/// @param name  What errors call the input.
/// @error invalid_argument: no `=`, or an unknown column (the columns are listed), or no row left.
[[nodiscard]] Result<void> choose_rows(SourceTable& source, std::span<const std::string> conditions,
                                       const std::string& name);

}  // namespace topograph
