#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/byte_stream.hpp"
#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// What one input holds, before columns get their roles.
struct SourceTable {
  ColumnTable table = {};
  /// Rows (ascending) in which invalid UTF-8 was replaced.
  std::vector<std::int64_t> invalid_rows = {};
};

/// What every reader needs beside the file.
struct ReadContext {
  RunContext& run;
  bool strict = false;
};

/// Appends `bytes` to `column` as valid UTF-8.
/// @return true when invalid bytes were replaced.
[[nodiscard]] bool push_utf8(TextColumn& column, std::string_view bytes);

/// The error of strict reading.
[[nodiscard]] std::unexpected<Error> invalid_utf8_error(std::string where, std::string_view bytes);

/// @error invalid_argument naming both inputs and their columns when the columns differ.
[[nodiscard]] Result<void> check_same_columns(const ColumnTable& base, const std::string& base_name,
                                              const ColumnTable& more,
                                              const std::string& more_name);

/// Adds the rows of `more`, found by column name, below those of `base`. Types are widened where
/// they differ: to the larger number type, else to text.
///
/// @error as `check_same_columns`.
[[nodiscard]] Result<void> append_rows(SourceTable& base, const std::string& base_name,
                                       SourceTable&& more, const std::string& more_name);

[[nodiscard]] bool is_all_missing(const Column& column);

/// "`text`, `label`" — the names of a table for messages.
[[nodiscard]] std::string column_list(const ColumnTable& table);

}  // namespace topograph
