#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// Splits at white space, then isolates each punctuation character.
struct BertPreTokenizer {};
/// Runs of word characters and runs of other visible characters.
struct WhitespacePreTokenizer {};
struct WhitespaceSplitPreTokenizer {};

/// What becomes of the character at which a text is split.
enum class SplitBehavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };
struct PunctuationPreTokenizer {
  SplitBehavior behavior = SplitBehavior::isolated;
};

using PreTokenizerStep = std::variant<BertPreTokenizer, WhitespacePreTokenizer,
                                      WhitespaceSplitPreTokenizer, PunctuationPreTokenizer>;

/// The pre-tokenizer of a tokenizer file, a sequence flattened into its steps.
struct PreTokenizer {
  std::vector<PreTokenizerStep> steps = {};
  bool is_sequence = false;  ///< Written as a Sequence, even if of one step.
};

/// Characters [begin, end) of a normalised text.
struct CharacterRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Splits `range` of the text into the words a model sees; empty ones are left out.
[[nodiscard]] std::vector<CharacterRange> pre_tokenize(const PreTokenizer& pre_tokenizer,
                                                       std::span<const NormalizedCharacter> text,
                                                       CharacterRange range);

}  // namespace topograph::detail
