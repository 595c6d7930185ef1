#pragma once

#include <cstddef>
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

/// Keeps the rows whose text has at least so many characters (code points).
///
/// @error invalid_argument: no row left.
[[nodiscard]] Result<void> leave_out_short_texts(SourceTable& source, std::size_t text_column,
                                                 int min_characters, const std::string& name);

}  // namespace topograph
