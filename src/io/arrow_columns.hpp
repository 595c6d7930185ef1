#pragma once

#include <arrow/type_fwd.h>

#include <cstddef>
#include <memory>
#include <string>

#include "io/source_table.hpp"

namespace topograph {

/// Where the first row of a source table lies, for errors.
struct RowOrigin {
  const std::string& name;  ///< What errors call the file.
  std::size_t row = 0;      ///< Rows of the file before it.
};

/// Adds the rows of an Arrow table to `source`, whose columns it makes when there are none yet.
///
/// Strings keep their bytes (invalid UTF-8 replaced; an error in strict reading), dictionaries are
/// decoded, whole numbers become int32 or int64, dates and timestamps Timestamp; lists and structs
/// become JSON text, every other type Arrow's text of it.
[[nodiscard]] Result<void> append_arrow_table(SourceTable& source, const arrow::Table& table,
                                              const RowOrigin& origin, bool strict);

/// Rows [begin, end) of a column as an Arrow array; text borrows the column's memory.
[[nodiscard]] std::shared_ptr<arrow::Array> to_arrow(const Column& column, std::size_t begin,
                                                     std::size_t end);

}  // namespace topograph
