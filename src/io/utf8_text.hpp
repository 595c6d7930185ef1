#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace topograph {

/// Position of the first byte that is not part of well-formed UTF-8, or npos.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view bytes);

/// `bytes` with each maximal ill-formed piece replaced by U+FFFD, as Unicode recommends (chapter 3,
/// "U+FFFD Substitution of Maximal Subparts") and Python's `errors="replace"` does.
[[nodiscard]] std::string replace_invalid_utf8(std::string_view bytes);

}  // namespace topograph
