#pragma once

#include <cstddef>
#include <string_view>

namespace topograph::detail {

/// The first `n` code points of valid UTF-8.
[[nodiscard]] constexpr std::string_view first_characters(std::string_view text, std::size_t n) {
  if (text.size() <= n) return text;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_start = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (is_start && seen++ == n) return text.substr(0, i);
  }
  return text;
}

}  // namespace topograph::detail
