#pragma once

#include <string>
#include <string_view>

namespace topograph {

/// Full lower case by the rules of a locale ("": of none), not normalised afterwards.
[[nodiscard]] std::string lower_case(std::string_view text, const std::string& locale);

}  // namespace topograph
