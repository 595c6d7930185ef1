#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace topograph {

/// Terminal columns that `text` (valid UTF-8) takes: wide and full-width East Asian characters and
/// emoji count two, combining marks and joiners none.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The longest start of `text` that fits `width` columns with "…" in place of what is left out.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t width);

/// `text` on one line: every run of white space and control characters becomes one space.
[[nodiscard]] std::string single_line(std::string_view text);

}  // namespace topograph
