#pragma once

#include "io/row_reader.hpp"

namespace topograph {

/// Reads one JSON object a line; empty lines are skipped. Strings, integers, numbers and booleans
/// keep their type, nested values become JSON text, null and absent keys are missing.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_json_lines(TextStream stream,
                                                                 const ReadContext& context);

}  // namespace topograph
