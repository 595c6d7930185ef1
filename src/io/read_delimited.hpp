#pragma once

#include "io/source_table.hpp"

namespace topograph {

/// Reads delimited text with a header line; every column stays text as written. Empty lines are
/// skipped, except in a file of one column, where an empty line is a blank value.
[[nodiscard]] Result<SourceTable> read_delimited(TextStream stream, char delimiter,
                                                 ReadContext& context);

}  // namespace topograph
