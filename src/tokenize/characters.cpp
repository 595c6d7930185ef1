#include "tokenize/characters.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace topograph::detail {
namespace {

constexpr int category_version = 8;
constexpr int normalization_version = 9;
constexpr int regex_version = 16;

struct Span {
  char32_t first = 0;
  char32_t last = 0;
};

template <std::size_t n>
bool is_in(char32_t c, const std::array<Span, n>& spans) {
  const auto next = std::ranges::upper_bound(spans, c, {}, &Span::first);
  return next != spans.begin() && c <= std::prev(next)->last;
}

/// Word characters that Unicode 15.1 and 16 added: ICU may be older.
constexpr std::array<Span, 32> new_word_characters = {
    {{0x897, 0x897},     {0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},
     {0x105C0, 0x105F3}, {0x10D40, 0x10D65}, {0x10D69, 0x10D6D}, {0x10D6F, 0x10D85},
     {0x10EC2, 0x10EC4}, {0x10EFC, 0x10EFC}, {0x11380, 0x11389}, {0x1138B, 0x1138B},
     {0x1138E, 0x1138E}, {0x11390, 0x113B5}, {0x113B7, 0x113C0}, {0x113C2, 0x113C2},
     {0x113C5, 0x113C5}, {0x113C7, 0x113CA}, {0x113CC, 0x113D3}, {0x113E1, 0x113E2},
     {0x116D0, 0x116E3}, {0x11BC0, 0x11BE0}, {0x11BF0, 0x11BF9}, {0x11F5A, 0x11F5A},
     {0x13460, 0x143FA}, {0x16100, 0x16139}, {0x16D40, 0x16D6C}, {0x16D70, 0x16D79},
     {0x18CFF, 0x18CFF}, {0x1CCF0, 0x1CCF9}, {0x1E5D0, 0x1E5FA}, {0x2EBF0, 0x2EE5D}}};

/// Letters and numbers that Unicode 15.1 and 16 added.
constexpr std::array<Span, 22> new_letter_spans = {
    {{0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},   {0x105C0, 0x105F3},
     {0x10D4A, 0x10D65}, {0x10D6F, 0x10D85}, {0x10EC2, 0x10EC4}, {0x11380, 0x11389},
     {0x1138B, 0x1138B}, {0x1138E, 0x1138E}, {0x11390, 0x113B5}, {0x113B7, 0x113B7},
     {0x113D1, 0x113D1}, {0x113D3, 0x113D3}, {0x11BC0, 0x11BE0}, {0x13460, 0x143FA},
     {0x16100, 0x1611D}, {0x16D40, 0x16D6C}, {0x18CFF, 0x18CFF}, {0x1E5D0, 0x1E5ED},
     {0x1E5F0, 0x1E5F0}, {0x2EBF0, 0x2EE5D}}};
constexpr std::array<Span, 7> new_number_spans = {{{0x10D40, 0x10D49},
                                                   {0x116D0, 0x116E3},
                                                   {0x11BF0, 0x11BF9},
                                                   {0x16130, 0x16139},
                                                   {0x16D70, 0x16D79},
                                                   {0x1CCF0, 0x1CCF9},
                                                   {0x1E5F1, 0x1E5FA}}};
/// Numbers that Unicode 17 added.
constexpr std::array<Span, 2> newer_number_spans = {{{0x11DE0, 0x11DE9}, {0x16FF4, 0x16FF6}}};

/// Letters that Unicode 16 and 17 added and their lower case, which is `step` further on.
struct NewLetters {
  Span upper = {};
  std::int32_t step = 0;
};
constexpr std::array<NewLetters, 10> new_letters = {{{{0x1C89, 0x1C89}, 1},
                                                     {{0xA7CB, 0xA7CB}, 0x264 - 0xA7CB},
                                                     {{0xA7CC, 0xA7CC}, 1},
                                                     {{0xA7CE, 0xA7CE}, 1},
                                                     {{0xA7D2, 0xA7D2}, 1},
                                                     {{0xA7D4, 0xA7D4}, 1},
                                                     {{0xA7DA, 0xA7DA}, 1},
                                                     {{0xA7DC, 0xA7DC}, 0x19B - 0xA7DC},
                                                     {{0x10D50, 0x10D65}, 0x20},
                                                     {{0x16EA0, 0x16EB8}, 0x1B}}};

/// Characters whose category has changed since the version that the peer knows.
constexpr char32_t canadian_chi_sign = 0x166D;           // was punctuation
constexpr char32_t hanunoo_pamudpod = 0x1734;            // was a nonspacing mark
constexpr char32_t mongolian_baluda = 0x1885;            // was a letter
constexpr char32_t mongolian_three_baluda = 0x1886;      // was a letter
constexpr char32_t javanese_keret = 0xA9BD;              // was a spacing mark
constexpr char32_t sharada_sandhi_mark = 0x111C9;        // was punctuation
constexpr char32_t vedic_ardhavisarga = 0x1CF2;          // was a spacing mark
constexpr char32_t vedic_rotated_ardhavisarga = 0x1CF3;  // was a spacing mark

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

bool is_cleaned_away(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  if (c == 0xFFFD) return true;
  return known_to(c, category_version) &&
         has_category(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool is_punctuation(char32_t c) {
  if (c < 0x80) return u_ispunct(to_icu(c)) != 0 || has_category(c, U_GC_S_MASK);
  if (c == canadian_chi_sign || c == sharada_sandhi_mark) return true;
  return known_to(c, category_version) && has_category(c, U_GC_P_MASK);
}

bool is_ideograph(char32_t c) {
  static constexpr std::array<Span, 8> blocks = {{{0x3400, 0x4DBF},
                                                  {0x4E00, 0x9FFF},
                                                  {0xF900, 0xFAFF},
                                                  {0x20000, 0x2A6DF},
                                                  {0x2A700, 0x2B73F},
                                                  {0x2B740, 0x2B81F},
                                                  {0x2B920, 0x2CEAF},
                                                  {0x2F800, 0x2FA1F}}};
  return is_in(c, blocks);
}

bool is_nonspacing_mark(char32_t c) {
  if (c == hanunoo_pamudpod) return true;
  if (c == mongolian_baluda || c == mongolian_three_baluda) return false;
  if (c == javanese_keret || c == sharada_sandhi_mark) return false;
  return known_to(c, category_version) && has_category(c, U_GC_MN_MASK);
}

bool is_combining_mark(char32_t c) {
  if (c == vedic_ardhavisarga || c == vedic_rotated_ardhavisarga) return true;
  if (c == sharada_sandhi_mark) return false;
  return known_to(c, normalization_version) && has_category(c, U_GC_M_MASK);
}

bool is_word_character(char32_t c) {
  if (is_in(c, new_word_characters)) return true;
  if (!known_to(c, regex_version)) return false;
  return u_isUAlphabetic(to_icu(c)) != 0 ||
         has_category(c, U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK) ||
         u_hasBinaryProperty(to_icu(c), UCHAR_JOIN_CONTROL) != 0;
}

bool is_letter(char32_t c) {
  if (is_in(c, new_letter_spans)) return true;
  return has_category(c, U_GC_L_MASK) && known_to(c, regex_version);
}

bool is_number(char32_t c) {
  if (is_in(c, new_number_spans)) return true;
  return has_category(c, U_GC_N_MASK) && known_to(c, regex_version);
}

bool is_numeric(char32_t c) { return is_number(c) || is_in(c, newer_number_spans); }

bool is_stable(char32_t c, NormalizationForm form) {
  static constexpr std::array<char32_t, 4> first_unstable = {0x300, 0xC0, 0xA0, 0xA0};
  static constexpr std::array<UProperty, 4> quick_check = {
      UCHAR_NFC_QUICK_CHECK, UCHAR_NFD_QUICK_CHECK, UCHAR_NFKC_QUICK_CHECK, UCHAR_NFKD_QUICK_CHECK};
  const auto k = static_cast<std::size_t>(form);
  if (c < first_unstable[k]) return true;
  return u_getIntPropertyValue(to_icu(c), quick_check[k]) == UNORM_YES &&
         u_getCombiningClass(to_icu(c)) == 0;
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
  for (const NewLetters& letters : new_letters) {
    if (c < letters.upper.first || c > letters.upper.last) continue;
    return {static_cast<char32_t>(static_cast<std::int32_t>(c) + letters.step)};
  }
  return {static_cast<char32_t>(u_tolower(to_icu(c)))};
}

}  // namespace topograph::detail
