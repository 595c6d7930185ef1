#pragma once

#include <string>

#include "io/source_table.hpp"

namespace topograph {

enum class ColumnarFormat : std::uint8_t { parquet, feather };

/// Reads a Parquet or Feather file, a group of rows at a time.
/// @param path  A file, or `-` for standard input, which is read into memory first.
/// @error input subject: not_found, io, or parse when the file is damaged.
[[nodiscard]] Result<SourceTable> read_columnar(const std::string& path, const std::string& name,
                                                ColumnarFormat format, ReadContext& context);

}  // namespace topograph
