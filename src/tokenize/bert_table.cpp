#include "tokenize/bert_table.hpp"

#include <algorithm>

#include "tokenize/characters.hpp"
#include "tokenize/utf8.hpp"

namespace topograph::detail {
namespace {

bool equal(const BertTable::Entry& a, const BertTable::Entry& b) {
  return a.action == b.action && a.length == b.length && a.begin == b.begin;
}

bool is_cleaned_away(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return c == 0 || c == 0xFFFD || is_other(c);
}

}  // namespace

BertTable::BertTable(const BertNormalizer& options) {
  for (std::size_t index = 0; index < block_of_.size(); ++index) {
    Block block = {};
    for (std::size_t low = 0; low < block.size(); ++low) {
      block[low] = classify(static_cast<char32_t>((index << 8) | low), options);
    }
    const bool repeats = !blocks_.empty() && std::ranges::equal(block, blocks_.back(), equal);
    if (!repeats) blocks_.push_back(block);
    block_of_[index] = static_cast<std::uint16_t>(blocks_.size() - 1);
  }
  for (std::size_t byte = 0; byte < ascii_letters_.size(); ++byte) {
    const Entry entry = (*this)[static_cast<char32_t>(byte)];
    ascii_letters_[byte] = entry.length == 0 ? static_cast<char>(byte) : replacement(entry).front();
    is_plain_[byte] = entry.action == Action::extend;
  }
}

BertTable::Entry BertTable::classify(char32_t c, const BertNormalizer& options) {
  if (options.clean_text && is_cleaned_away(c)) return {.action = Action::drop};
  if (is_white_space(c)) return {.action = Action::space};
  std::u32string characters;
  for (const char32_t part : options.strip_accents ? decompose(c, false) : std::u32string{c}) {
    if (options.strip_accents && is_nonspacing_mark(part)) continue;
    if (options.strip_accents && combining_class(part) != 0) return {.action = Action::reorder};
    characters += options.lowercase ? lower_case(part) : std::u32string{part};
  }
  if (characters.empty()) return {.action = Action::drop};
  const bool has_break = std::ranges::any_of(
      characters, [](char32_t part) { return is_punctuation(part) || is_white_space(part); });
  const bool is_alone = has_break || (options.handle_chinese_chars && is_ideograph(c));
  if (has_break && characters.size() > 1) return {.action = Action::reorder};
  return keep(is_alone ? Action::isolate : Action::extend, c, characters);
}

BertTable::Entry BertTable::keep(Action action, char32_t c, const std::u32string& characters) {
  if (characters == std::u32string{c}) return {.action = action};
  const std::size_t begin = arena_.size();
  for (const char32_t character : characters) append_utf8(character, arena_);
  return {.action = action,
          .length = static_cast<std::uint8_t>(arena_.size() - begin),
          .begin = static_cast<std::uint32_t>(begin)};
}

}  // namespace topograph::detail
