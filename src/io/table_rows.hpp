#pragma once

#include <cstddef>
#include <string>

#include "topograph/core/column_table.hpp"

namespace topograph {

/// Appends the header line of RFC 4180 text, ended by LF.
void append_delimited_header(std::string& out, const ColumnTable& table, char delimiter);
/// Appends one row; fields with the delimiter, a quote or a line break are quoted.
void append_delimited_row(std::string& out, const ColumnTable& table, std::size_t row,
                          char delimiter);
/// Appends one row as a JSON object on one line, without a newline. Missing values and numbers that
/// are not finite are null, times are ISO 8601 strings.
void append_json_row(std::string& out, const ColumnTable& table, std::size_t row);

}  // namespace topograph
