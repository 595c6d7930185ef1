#include "tokenize/grapheme.hpp"

#include <unicode/uchar.h>

namespace topograph::detail {
namespace {

UGraphemeClusterBreak break_class(char32_t c) {
  return static_cast<UGraphemeClusterBreak>(
      u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GRAPHEME_CLUSTER_BREAK));
}

bool is_control(UGraphemeClusterBreak c) {
  return c == U_GCB_CONTROL || c == U_GCB_CR || c == U_GCB_LF;
}

/// Rules GB6 to GB8: the jamo of a Hangul syllable.
bool is_syllable(UGraphemeClusterBreak left, UGraphemeClusterBreak right) {
  const bool ends_in_vowel = left == U_GCB_LV || left == U_GCB_V;
  const bool ends_in_final = left == U_GCB_LVT || left == U_GCB_T;
  if (left == U_GCB_L) {
    return right == U_GCB_L || right == U_GCB_V || right == U_GCB_LV || right == U_GCB_LVT;
  }
  return (ends_in_vowel && (right == U_GCB_V || right == U_GCB_T)) ||
         (ends_in_final && right == U_GCB_T);
}

}  // namespace

/// The rules in their order. `joins_pictograph` remembers that the cluster ends in a pictograph,
/// extenders and a joiner (GB11), `n_flags` counts regional indicators (GB12, GB13).
std::size_t grapheme_end(NormalizedView text, std::size_t begin) {
  const auto is_ascii = [&](std::size_t i) { return text[i].value < 0x80; };
  std::size_t end = begin + 1;
  if (end < text.size() && is_ascii(begin) && is_ascii(end) && text[begin].value != '\r') {
    return end;
  }
  UGraphemeClusterBreak left = break_class(text[begin].value);
  const auto is_pictograph = [&](std::size_t i) {
    return u_hasBinaryProperty(static_cast<UChar32>(text[i].value), UCHAR_EXTENDED_PICTOGRAPHIC) !=
           0;
  };
  bool has_pictograph = is_pictograph(begin);
  std::size_t n_flags = left == U_GCB_REGIONAL_INDICATOR ? 1 : 0;
  for (; end < text.size(); ++end) {
    const UGraphemeClusterBreak right = break_class(text[end].value);
    if (left == U_GCB_CR && right == U_GCB_LF) {
      left = right;
      continue;
    }
    if (is_control(left) || is_control(right)) break;
    const bool is_extender = right == U_GCB_EXTEND || right == U_GCB_ZWJ;
    const bool joins_pictograph = has_pictograph && left == U_GCB_ZWJ && is_pictograph(end);
    const bool is_second_flag =
        n_flags == 1 && left == U_GCB_REGIONAL_INDICATOR && right == U_GCB_REGIONAL_INDICATOR;
    if (!is_extender && right != U_GCB_SPACING_MARK && left != U_GCB_PREPEND &&
        !is_syllable(left, right) && !joins_pictograph && !is_second_flag) {
      break;
    }
    if (is_second_flag || right != U_GCB_REGIONAL_INDICATOR) {
      n_flags = is_second_flag ? 2 : 0;
    } else {
      n_flags = 1;
    }
    has_pictograph = is_pictograph(end) || (has_pictograph && is_extender);
    left = right;
  }
  return end;
}

}  // namespace topograph::detail
