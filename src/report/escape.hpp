#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The one place where text becomes markup. Everything else on the page travels as base64.
namespace topograph::detail {

/// Text as HTML character data or a quoted attribute value.
[[nodiscard]] std::string html_text(std::string_view text);

/// Text as a quoted JSON string that is also safe inside a <script> element: no '<', '>' or '&',
/// so neither "</script" nor "<!--" can appear, and no line separators U+2028 and U+2029.
[[nodiscard]] std::string script_json_text(std::string_view text);

/// One line of at most `max_chars` code points: runs of white space and control characters become
/// one space; a cut is marked by an ellipsis and falls between words when one is near.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t max_chars);

}  // namespace topograph::detail
