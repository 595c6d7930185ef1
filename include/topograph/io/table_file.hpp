#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Writes a table as Parquet (zstd), atomically. The bytes depend on the table only.
/// @error output subject.
[[nodiscard]] Result<void> write_parquet(const std::filesystem::path& path,
                                         const ColumnTable& table);

/// Reads every column of a Parquet file that `write_parquet` (or another program) wrote.
/// @error model subject when `path` is missing or damaged.
[[nodiscard]] Result<ColumnTable> read_parquet(const std::filesystem::path& path, RunContext& run);

/// Writes `table` to a file whose format follows its extension: .parquet, .csv, .tsv, .jsonl.
/// @error option subject for another extension, output subject when writing fails.
[[nodiscard]] Result<void> write_table(const std::filesystem::path& path, const ColumnTable& table);

enum class TableFormat : std::uint8_t { table, csv, json };

/// Prints a table to a stream: aligned text, RFC 4180 CSV, or a JSON array of objects.
///
/// @param width  Columns of the terminal, for aligned text: the widest text cells are cut to fit,
///               numbers never; 0 = no limit. Wide East Asian characters count two. Line breaks and
///               control characters print as one space.
void print_table(std::ostream& out, const ColumnTable& table, TableFormat format, int width);

}  // namespace topograph
