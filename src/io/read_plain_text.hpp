#pragma once

#include <string>
#include <vector>

#include "io/input_files.hpp"
#include "io/source_table.hpp"

namespace topograph {

/// Reads a document a line into the column `text`. Empty lines are blank documents; the last
/// newline of the file begins no document.
[[nodiscard]] Result<SourceTable> read_text_lines(TextStream stream, ReadContext& context);

/// Reads a document a file into the columns `text` and `file` (path below the folder).
[[nodiscard]] Result<SourceTable> read_text_folder(const std::vector<InputFile>& files,
                                                   ReadContext& context);

}  // namespace topograph
