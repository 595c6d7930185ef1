#include "text/ascii_words.hpp"

#include <array>
#include <cstddef>

namespace topograph {
namespace {

// The word-break classes that occur in ASCII (UAX #29, table 3).
enum class WordBreak : std::uint8_t {
  other,
  letter,
  digit,
  underscore,
  mid_letter,
  mid_digit,
  mid_both
};

constexpr std::array<WordBreak, 128> make_classes(bool colon_joins) {
  std::array<WordBreak, 128> classes{};
  for (char c = 'a'; c <= 'z'; ++c) classes[static_cast<std::size_t>(c)] = WordBreak::letter;
  for (char c = 'A'; c <= 'Z'; ++c) classes[static_cast<std::size_t>(c)] = WordBreak::letter;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<std::size_t>(c)] = WordBreak::digit;
  classes['@'] = WordBreak::letter;
  classes['_'] = WordBreak::underscore;
  classes['\''] = WordBreak::mid_both;
  classes['.'] = WordBreak::mid_both;
  classes[','] = WordBreak::mid_digit;
  classes[';'] = WordBreak::mid_digit;
  if (colon_joins) classes[':'] = WordBreak::mid_letter;
  return classes;
}

constexpr auto kClasses = make_classes(false);
constexpr auto kClassesWithColon = make_classes(true);

bool is_word_class(WordBreak c) {
  return c == WordBreak::letter || c == WordBreak::digit || c == WordBreak::underscore;
}

// WB6, WB7 (letter . letter) and WB11, WB12 (digit . digit).
bool joins(WordBreak before, WordBreak middle, WordBreak after) {
  if (before != after) return false;
  if (before == WordBreak::letter) {
    return middle == WordBreak::mid_letter || middle == WordBreak::mid_both;
  }
  return before == WordBreak::digit &&
         (middle == WordBreak::mid_digit || middle == WordBreak::mid_both);
}

bool has_letter_or_digit(std::string_view word) {
  for (const char c : word) {
    if (c != '@' && c != '_' && is_word_class(kClasses[static_cast<std::size_t>(c)])) return true;
  }
  return false;
}

}  // namespace

void append_ascii_words(std::string_view text, std::uint32_t base, bool colon_joins,
                        std::vector<TokenSpan>& words) {
  const auto& classes = colon_joins ? kClassesWithColon : kClasses;
  const auto class_at = [&](std::size_t i) { return classes[static_cast<std::size_t>(text[i])]; };
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_word_class(class_at(at))) {
      ++at;
      continue;
    }
    const std::size_t begin = at++;
    while (at < text.size()) {
      if (is_word_class(class_at(at))) {
        ++at;
      } else if (at + 1 < text.size() && joins(class_at(at - 1), class_at(at), class_at(at + 1))) {
        at += 2;
      } else {
        break;
      }
    }
    if (has_letter_or_digit(text.substr(begin, at - begin))) {
      words.push_back(
          {base + static_cast<std::uint32_t>(begin), base + static_cast<std::uint32_t>(at), -1});
    }
  }
}

}  // namespace topograph
