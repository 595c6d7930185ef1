#pragma once

#include "io/source_table.hpp"

namespace topograph {

/// Reads one JSON object a line; empty lines are skipped. Strings, integers, numbers and booleans
/// keep their type, nested values become JSON text, null and absent keys are missing.
[[nodiscard]] Result<SourceTable> read_json_lines(TextStream stream, ReadContext& context);

}  // namespace topograph
