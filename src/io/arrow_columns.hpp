#pragma once

#include <arrow/type_fwd.h>

#include <cstddef>
#include <memory>

#include "io/source_table.hpp"

namespace topograph {

/// Adds the rows of an Arrow table to `source`, whose columns it makes when there are none yet.
///
/// Strings keep their bytes (invalid UTF-8 replaced; an error in strict reading), dictionaries are
/// decoded, whole numbers become int32 or int64, dates and timestamps Timestamp; lists and structs
/// become JSON text, every other type Arrow's text of it.
///
/// @param name  What errors call the file.
[[nodiscard]] Result<void> append_arrow_table(SourceTable& source, const arrow::Table& table,
                                              const std::string& name, bool strict);

/// Rows [begin, end) of a column as an Arrow array; text borrows the column's memory.
[[nodiscard]] std::shared_ptr<arrow::Array> to_arrow(const Column& column, std::size_t begin,
                                                     std::size_t end);

}  // namespace topograph
