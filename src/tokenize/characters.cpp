#include "tokenize/characters.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <array>

namespace topograph::detail {
namespace {

constexpr int category_version = 8;
constexpr int normalization_version = 9;

UChar32 to_icu(char32_t c) { return static_cast<UChar32>(c); }

/// Whether Unicode `version`.0 had assigned the character.
bool known_to(char32_t c, int version) {
  UVersionInfo age = {};
  u_charAge(to_icu(c), age);
  return age[0] != 0 && age[0] <= version;
}

bool has_category(char32_t c, std::uint32_t mask) { return (U_GET_GC_MASK(to_icu(c)) & mask) != 0; }

const UNormalizer2* normalizer(bool compatible) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* n =
      compatible ? unorm2_getNFKCInstance(&status) : unorm2_getNFCInstance(&status);
  return U_SUCCESS(status) != 0 ? n : nullptr;
}

}  // namespace

bool is_white_space(char32_t c) { return u_isUWhiteSpace(to_icu(c)) != 0; }

bool is_other(char32_t c) {
  return known_to(c, category_version) &&
         has_category(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool is_punctuation(char32_t c) {
  if (c < 0x80) return u_ispunct(to_icu(c)) != 0 || has_category(c, U_GC_S_MASK);
  return known_to(c, category_version) && has_category(c, U_GC_P_MASK);
}

bool is_ideograph(char32_t c) {
  struct Span {
    char32_t first;
    char32_t last;
  };
  static constexpr std::array<Span, 8> blocks = {{{0x3400, 0x4DBF},
                                                  {0x4E00, 0x9FFF},
                                                  {0xF900, 0xFAFF},
                                                  {0x20000, 0x2A6DF},
                                                  {0x2A700, 0x2B73F},
                                                  {0x2B740, 0x2B81F},
                                                  {0x2B920, 0x2CEAF},
                                                  {0x2F800, 0x2FA1F}}};
  for (const Span& block : blocks) {
    if (c >= block.first && c <= block.last) return true;
  }
  return false;
}

bool is_nonspacing_mark(char32_t c) {
  return known_to(c, category_version) && has_category(c, U_GC_MN_MASK);
}

bool is_combining_mark(char32_t c) {
  return known_to(c, normalization_version) && has_category(c, U_GC_M_MASK);
}

bool is_word_character(char32_t c) {
  return u_isUAlphabetic(to_icu(c)) != 0 ||
         has_category(c, U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK) ||
         u_hasBinaryProperty(to_icu(c), UCHAR_JOIN_CONTROL) != 0;
}

std::uint8_t combining_class(char32_t c) {
  return known_to(c, normalization_version) ? u_getCombiningClass(to_icu(c)) : std::uint8_t{0};
}

std::u32string decompose(char32_t c, bool compatible) {
  if (c < 0x80 || !known_to(c, normalization_version)) return {c};
  std::array<UChar, 32> units = {};  // the longest decomposition (U+FDFA) has 18
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t n = unorm2_getDecomposition(normalizer(compatible), to_icu(c), units.data(),
                                                 std::int32_t{units.size()}, &status);
  if (n <= 0 || U_FAILURE(status) != 0) return {c};
  std::u32string out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    const auto unit = static_cast<char32_t>(units[i]);
    if ((unit & 0xFC00) == 0xDC00 && !out.empty()) {
      out.back() = 0x10000 + ((out.back() & 0x3FF) << 10) + (unit & 0x3FF);
    } else {
      out.push_back(unit);
    }
  }
  return out;
}

char32_t compose(char32_t first, char32_t second) {
  const UChar32 pair = unorm2_composePair(normalizer(false), to_icu(first), to_icu(second));
  if (pair < 0 || !known_to(static_cast<char32_t>(pair), normalization_version)) return 0;
  return static_cast<char32_t>(pair);
}

std::u32string lower_case(char32_t c) {
  if (c == 0x130) return {U'i', char32_t{0x307}};
  return {static_cast<char32_t>(u_tolower(to_icu(c)))};
}

}  // namespace topograph::detail
