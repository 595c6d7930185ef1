#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/normalizer.hpp"

namespace topograph::detail {

/// For every code point, what BERT normalisation and pre-tokenisation make of it when no other
/// character matters, so that one pass over the text finds the words without asking ICU.
class BertTable {
 public:
  enum class Action : std::uint8_t {
    extend,   ///< Becomes part of the word.
    drop,     ///< Vanishes; the word goes on.
    space,    ///< Ends the word.
    isolate,  ///< A word of its own: punctuation and ideographs.
    reorder,  ///< A mark that stays and may change places: the text needs the general way.
  };
  /// `length` 0: the character stays as it is, else its replacement in the arena.
  struct Entry {
    Action action = Action::extend;
    std::uint8_t length = 0;
    std::uint32_t begin = 0;
  };

  explicit BertTable(const BertNormalizer& options);

  /// The lower-cased byte, for ASCII that extends a word.
  [[nodiscard]] char ascii_letter(unsigned char byte) const { return ascii_letters_[byte]; }
  /// Whether `byte` is ASCII that extends a word.
  [[nodiscard]] bool is_plain(unsigned char byte) const { return is_plain_[byte]; }
  [[nodiscard]] Entry operator[](char32_t c) const {
    return c < 0x110000 ? blocks_[block_of_[c >> 8]][c & 0xFF] : Entry{};
  }
  [[nodiscard]] std::string_view replacement(Entry entry) const {
    return std::string_view(arena_).substr(entry.begin, entry.length);
  }

 private:
  using Block = std::array<Entry, 256>;
  [[nodiscard]] Entry classify(char32_t c, const BertNormalizer& options);
  [[nodiscard]] Entry keep(Action action, char32_t c, const std::u32string& characters);

  std::array<std::uint16_t, 0x1100> block_of_ = {};
  std::vector<Block> blocks_ = {};
  std::string arena_ = {};
  std::array<char, 128> ascii_letters_ = {};
  std::array<bool, 256> is_plain_ = {};
};

}  // namespace topograph::detail
