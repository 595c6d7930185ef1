#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "tokenize/normalized_text.hpp"
#include "tokenize/pattern.hpp"

namespace topograph::detail {

/// Splits at white space, then isolates each punctuation character.
struct BertPreTokenizer {};
/// Runs of word characters and runs of other visible characters.
struct WhitespacePreTokenizer {};
struct WhitespaceSplitPreTokenizer {};

/// What becomes of the stretch at which a text is split.
enum class SplitBehavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };
struct PunctuationPreTokenizer {
  SplitBehavior behavior = SplitBehavior::isolated;
};
struct DigitsPreTokenizer {
  bool individual = false;  ///< Each digit is a word of its own.
};
struct DelimiterPreTokenizer {
  char32_t delimiter = ' ';  ///< Removed.
};
struct SplitPreTokenizer {
  Pattern pattern = {};
  SplitBehavior behavior = SplitBehavior::isolated;
  bool invert = false;  ///< The matches are the words, not what separates them.
};
/// Spaces become visible characters, and words begin with one.
struct MetaspacePreTokenizer {
  enum class Prepend { first, never, always };
  char32_t replacement = 0x2581;
  Prepend prepend = Prepend::always;
  bool split = true;
};
/// Words as GPT-2 finds them, spelt in the characters that stand for their bytes.
struct ByteLevelPreTokenizer {
  Pattern words = {};
  bool add_prefix_space = true;
  bool use_regex = true;
};

using PreTokenizerStep =
    std::variant<BertPreTokenizer, WhitespacePreTokenizer, WhitespaceSplitPreTokenizer,
                 PunctuationPreTokenizer, DigitsPreTokenizer, DelimiterPreTokenizer,
                 SplitPreTokenizer, MetaspacePreTokenizer, ByteLevelPreTokenizer>;

/// The pre-tokenizer of a tokenizer file, a sequence flattened into its steps.
struct PreTokenizer {
  std::vector<PreTokenizerStep> steps = {};
  bool is_sequence = false;  ///< Written as a Sequence, even if of one step.

  /// Whether the words are to be spelt in byte characters: the last step says so, and it is left to
  /// the reader of the words, who writes their bytes anyway.
  [[nodiscard]] bool spells_bytes() const {
    return !steps.empty() && std::holds_alternative<ByteLevelPreTokenizer>(steps.back());
  }
};

/// The words of a text, and the text that they are words of: steps may rewrite it.
struct PreTokenizedText {
  NormalizedView text = {};
  std::span<const CharacterRange> words = {};
};

/// Buffers of one thread.
struct PreTokenizeScratch {
  struct Piece {
    CharacterRange range = {};
    bool is_delimiter = false;
  };
  std::vector<CharacterRange> words = {};
  std::vector<CharacterRange> finer = {};
  std::vector<CharacterRange> matches = {};
  std::vector<Piece> pieces = {};
  NormalizedText text = {};
  NormalizedText spare = {};
  PatternScratch patterns = {};
};

/// Splits `range` of the text into the words a model sees; empty ones are left out. The result
/// views the text or the scratch.
[[nodiscard]] PreTokenizedText pre_tokenize(const PreTokenizer& pre_tokenizer, NormalizedView text,
                                            CharacterRange range, PreTokenizeScratch& scratch);

}  // namespace topograph::detail
