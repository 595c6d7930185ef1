#pragma once

#include <string>

#include "io/row_reader.hpp"

namespace topograph {

enum class ColumnarFormat : std::uint8_t { parquet, feather };

/// Reads a Parquet or Feather file in record batches; Parquet's are cut to a fixed number of rows,
/// so that a row group of any size needs little memory.
/// @param path  A file, or `-` for standard input, which is read into memory first.
/// @error input subject: not_found, io, or parse when the file is damaged.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_columnar(const std::string& path,
                                                               const std::string& name,
                                                               ColumnarFormat format,
                                                               const ReadContext& context);

}  // namespace topograph
