#pragma once

#include <string>
#include <vector>

#include "io/input_files.hpp"
#include "io/row_reader.hpp"

namespace topograph {

/// Reads a document a line into the column `text`. Empty lines are blank documents; the last
/// newline of the file begins no document.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_text_lines(TextStream stream,
                                                                 const ReadContext& context);

/// Reads a document a file into the columns `text` and `file` (path below the folder).
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_text_folder(
    const std::vector<InputFile>& files, const ReadContext& context);

}  // namespace topograph
