#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tokenize/normalizer.hpp"

namespace topograph::detail {

/// For every code point, what BERT normalisation and pre-tokenisation make of it when no other
/// character matters, so that one pass over the text finds the words without asking ICU.
///
/// Filled in blocks of 256 code points when one of them is first met: a text in one script needs a
/// handful of blocks, and computing all 4352 would take longer than encoding most corpora. A block
/// depends on its number alone, so it does not matter which thread makes it.
class BertTable {
 public:
  enum class Action : std::uint8_t {
    extend,   ///< Becomes part of the word.
    drop,     ///< Vanishes; the word goes on.
    space,    ///< Ends the word.
    isolate,  ///< A word of its own: punctuation and ideographs.
    reorder,  ///< A mark that stays and may change places: the text needs the general way.
  };
  struct Entry {
    Action action = Action::extend;
    std::string_view replacement = {};  ///< Empty: the character stays as it is.
  };

  explicit BertTable(const BertNormalizer& options);
  ~BertTable();
  BertTable(const BertTable&) = delete;
  BertTable& operator=(const BertTable&) = delete;

  /// Whether `byte` is ASCII that extends a word.
  [[nodiscard]] bool is_plain(unsigned char byte) const { return is_plain_[byte]; }
  /// What such a byte becomes.
  [[nodiscard]] char plain(unsigned char byte) const { return plain_[byte]; }

  /// @param c  Below 0x110000.
  [[nodiscard]] Entry operator[](char32_t c) const {
    const Block* block = blocks_[c >> 8].load(std::memory_order_acquire);
    if (block == nullptr) block = make_block(c >> 8);
    const Cell cell = block->cells[c & 0xFF];
    return {cell.action, std::string_view(block->arena).substr(cell.begin, cell.length)};
  }

 private:
  struct Cell {
    Action action = Action::extend;
    std::uint8_t length = 0;
    std::uint16_t begin = 0;  // in the arena of the block
  };
  struct Block {
    std::array<Cell, 256> cells = {};
    std::string arena = {};
  };
  const Block* make_block(std::size_t index) const;
  [[nodiscard]] Cell classify(char32_t c, std::string& arena) const;

  BertNormalizer options_;
  mutable std::array<std::atomic<const Block*>, 0x1100> blocks_ = {};
  std::array<char, 256> plain_ = {};
  std::array<bool, 256> is_plain_ = {};
};

}  // namespace topograph::detail
