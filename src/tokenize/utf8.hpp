#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace topograph::detail {

/// One code point and the number of bytes it took.
struct DecodedCharacter {
  char32_t value = 0;
  std::uint32_t length = 1;
};

/// Decodes the character at `position` of valid UTF-8. Broken bytes read as U+FFFD, one at a time,
/// so that no input can make a caller read past the end or stand still.
[[nodiscard]] inline DecodedCharacter decode_utf8(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t k) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[position + k]));
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {static_cast<char32_t>(first), 1};
  const std::uint32_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - position < length) return {0xFFFD, 1};
  std::uint32_t value = first & (0x7FU >> length);
  for (std::uint32_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return {0xFFFD, 1};
    value = (value << 6) | (byte(k) & 0x3F);
  }
  return {static_cast<char32_t>(value), length};
}

/// Appends the UTF-8 bytes of one code point.
inline void append_utf8(char32_t value, std::string& out) {
  const auto put = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | (value >> 6));
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3F));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

/// Number of characters of valid UTF-8.
[[nodiscard]] inline std::size_t count_characters(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  return n;
}

}  // namespace topograph::detail
