#include "io/display_width.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace topograph {
namespace {

constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kEmojiSelector = 0xFE0F;

UChar32 next_character(std::string_view text, std::size_t& at) {
  UChar32 c = 0;
  auto i = static_cast<std::int32_t>(0);
  const std::string_view rest = text.substr(at, 4);
  U8_NEXT_OR_FFFD(reinterpret_cast<const std::uint8_t*>(rest.data()), i,
                  static_cast<std::int32_t>(rest.size()), c);
  at += static_cast<std::size_t>(i);
  return c;
}

std::size_t character_width(UChar32 c) {
  if (c >= 0x20 && c < 0x7F) return 1;
  const auto category = u_charType(c);
  const bool is_mark = category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK ||
                       category == U_FORMAT_CHAR || category == U_CONTROL_CHAR;
  if (is_mark && c != 0xAD) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// Walks over text and tells how many columns each character adds.
class WidthWalker {
 public:
  std::size_t add(UChar32 c) {
    // A joined emoji is drawn on top of the one before; a selector makes a narrow symbol an emoji.
    const bool is_joined = after_joiner_;
    after_joiner_ = c == kZeroWidthJoiner;
    if (c == kEmojiSelector && last_width_ == 1) {
      last_width_ = 2;
      return 1;
    }
    const std::size_t width = is_joined ? 0 : character_width(c);
    if (width > 0) last_width_ = width;
    return width;
  }

 private:
  bool after_joiner_ = false;
  std::size_t last_width_ = 0;
};

}  // namespace

std::size_t display_width(std::string_view text) {
  WidthWalker walker;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += walker.add(next_character(text, at));
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  WidthWalker walker;
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    used += walker.add(next_character(text, at));
    if (used > width - 1) break;
    end = at;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string single_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  bool needs_space = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const UChar32 c = next_character(text, at);
    if (u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR) {
      needs_space = !line.empty();
      continue;
    }
    if (needs_space) line += ' ';
    needs_space = false;
    line.append(text.substr(begin, at - begin));
  }
  return line;
}

}  // namespace topograph
