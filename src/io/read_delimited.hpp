#pragma once

#include "io/row_reader.hpp"

namespace topograph {

/// Reads delimited text with a header line; every column stays text as written. Empty lines are
/// skipped, except in a file of one column, where an empty line is a blank value.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_delimited(TextStream stream, char delimiter,
                                                                const ReadContext& context);

}  // namespace topograph
