#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>

#include "topograph/core/narrow.hpp"
#include "topograph/plot/text_ruler.hpp"

namespace topograph {
namespace {

/// Characters that turn the direction of whole lines, or that nobody can see or write in XML.
/// Joiners stay: emoji and the scripts of India and Iran need them.
bool is_dropped(UChar32 c) {
  const bool is_bidi_control = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  const bool is_nothing = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
  return is_bidi_control || is_nothing || c == 0xFEFF || c == 0x00AD || c == 0x200E || c == 0x200F;
}

bool is_blank(UChar32 c) { return u_charType(c) == U_CONTROL_CHAR || u_isUWhiteSpace(c) != 0; }

/// May a line be cut before c, which comes after `previous`?
bool stands_alone(UChar32 c, UChar32 previous) {
  constexpr UChar32 joiner = 0x200D;
  return previous != joiner && u_hasBinaryProperty(c, UCHAR_GRAPHEME_EXTEND) == 0 && c != joiner &&
         u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) == 0;
}

}  // namespace

std::string clean_line(std::string_view text, std::size_t max_chars) {
  std::string line;
  std::size_t n_chars = 0;
  bool has_gap = false;
  UChar32 previous = 0;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = narrow<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, c);
    if (is_dropped(c)) continue;
    if (is_blank(c)) {
      has_gap = !line.empty();
      continue;
    }
    if (n_chars + (has_gap ? 1 : 0) >= max_chars && stands_alone(c, previous)) {
      return line + "…";
    }
    // A cluster without end is no text: give up on the rule rather than on the limit.
    if (n_chars >= 2 * max_chars + 16) return line + "…";
    if (has_gap) {
      line += ' ';
      ++n_chars;
    }
    has_gap = false;
    std::array<std::uint8_t, U8_MAX_LENGTH> encoded{};
    std::size_t length = 0;
    U8_APPEND_UNSAFE(encoded, length, static_cast<std::uint32_t>(c));
    line.append(reinterpret_cast<const char*>(encoded.data()), length);
    ++n_chars;
    previous = c;
  }
  return line;
}

}  // namespace topograph
