#pragma once

#include <string>
#include <string_view>

namespace topograph {

/// Appends `text` (valid UTF-8) as a quoted JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace topograph
