#include "tokenize/bert_table.hpp"

#include <algorithm>
#include <memory>

#include "tokenize/characters.hpp"
#include "tokenize/utf8.hpp"

namespace topograph::detail {

BertTable::BertTable(const BertNormalizer& options) : options_(options) {
  for (std::size_t byte = 0; byte < 128; ++byte) {
    const Entry entry = (*this)[static_cast<char32_t>(byte)];
    is_plain_[byte] = entry.action == Action::extend;
    plain_[byte] = entry.replacement.empty() ? static_cast<char>(byte) : entry.replacement.front();
  }
}

BertTable::~BertTable() {
  for (const auto& block : blocks_) {
    const std::unique_ptr<const Block> owned(block.load(std::memory_order_relaxed));
  }
}

const BertTable::Block* BertTable::make_block(std::size_t index) const {
  auto block = std::make_unique<Block>();
  for (std::size_t low = 0; low < block->cells.size(); ++low) {
    block->cells[low] = classify(static_cast<char32_t>((index << 8) | low), block->arena);
  }
  const Block* earlier = nullptr;
  const bool is_first = blocks_[index].compare_exchange_strong(
      earlier, block.get(), std::memory_order_acq_rel, std::memory_order_acquire);
  return is_first ? block.release() : earlier;  // of equal blocks the first one stays
}

BertTable::Cell BertTable::classify(char32_t c, std::string& arena) const {
  if (options_.clean_text && is_cleaned_away(c)) return {.action = Action::drop};
  if (is_white_space(c)) return {.action = Action::space};
  std::u32string characters;
  for (const char32_t part : options_.strip_accents ? decompose(c, false) : std::u32string{c}) {
    if (options_.strip_accents && is_nonspacing_mark(part)) continue;
    if (options_.strip_accents && combining_class(part) != 0) return {.action = Action::reorder};
    characters += options_.lowercase ? lower_case(part) : std::u32string{part};
  }
  if (characters.empty()) return {.action = Action::drop};
  const bool has_break = std::ranges::any_of(
      characters, [](char32_t part) { return is_punctuation(part) || is_white_space(part); });
  if (has_break && characters.size() > 1) return {.action = Action::reorder};
  const bool is_alone = has_break || (options_.handle_chinese_chars && is_ideograph(c));
  const Action action = is_alone ? Action::isolate : Action::extend;
  if (characters == std::u32string{c}) return {.action = action};
  const std::size_t begin = arena.size();
  for (const char32_t character : characters) append_utf8(character, arena);
  return {.action = action,
          .length = static_cast<std::uint8_t>(arena.size() - begin),
          .begin = static_cast<std::uint16_t>(begin)};
}

}  // namespace topograph::detail
