#pragma once

#include <string_view>

namespace topograph {

/// "0.1.0"
[[nodiscard]] std::string_view version();

}  // namespace topograph
