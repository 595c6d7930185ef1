#include "tokenize/pre_tokenizer.hpp"

#include <algorithm>

#include "tokenize/characters.hpp"

namespace topograph::detail {
namespace {

using Text = std::span<const NormalizedCharacter>;
using Ranges = std::vector<CharacterRange>;

struct Piece {
  CharacterRange range = {};
  bool is_delimiter = false;
};

/// Delimiters one by one, and the stretches between them.
template <class IsDelimiter>
std::vector<Piece> cut(Text text, CharacterRange range, IsDelimiter is_delimiter) {
  std::vector<Piece> pieces;
  std::size_t begin = range.begin;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (!is_delimiter(text[i].value)) continue;
    if (begin < i) pieces.push_back({{begin, i}, false});
    pieces.push_back({{i, i + 1}, true});
    begin = i + 1;
  }
  if (begin < range.end) pieces.push_back({{begin, range.end}, false});
  return pieces;
}

/// Whether piece `i` is glued to the one before it.
bool is_joined(const std::vector<Piece>& pieces, std::size_t i, SplitBehavior behavior) {
  if (i == 0) return false;
  const bool here = pieces[i].is_delimiter;
  const bool before = pieces[i - 1].is_delimiter;
  switch (behavior) {
    case SplitBehavior::merged_with_previous: return here && !before;
    case SplitBehavior::merged_with_next: return before && !here;
    case SplitBehavior::contiguous: return here == before;
    case SplitBehavior::removed:
    case SplitBehavior::isolated: return false;
  }
  return false;
}

template <class IsDelimiter>
void split(Text text, CharacterRange range, IsDelimiter is_delimiter, SplitBehavior behavior,
           Ranges& out) {
  const std::vector<Piece> pieces = cut(text, range, is_delimiter);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (behavior == SplitBehavior::removed && pieces[i].is_delimiter) continue;
    if (is_joined(pieces, i, behavior)) {
      out.back().end = pieces[i].range.end;
    } else {
      out.push_back(pieces[i].range);
    }
  }
}

void apply(const WhitespaceSplitPreTokenizer& /*step*/, Text text, CharacterRange range,
           Ranges& out) {
  split(text, range, is_white_space, SplitBehavior::removed, out);
}

void apply(const PunctuationPreTokenizer& step, Text text, CharacterRange range, Ranges& out) {
  split(text, range, is_punctuation, step.behavior, out);
}

void apply(const BertPreTokenizer& /*step*/, Text text, CharacterRange range, Ranges& out) {
  Ranges words;
  split(text, range, is_white_space, SplitBehavior::removed, words);
  for (const CharacterRange word : words) {
    split(text, word, is_punctuation, SplitBehavior::isolated, out);
  }
}

void apply(const WhitespacePreTokenizer& /*step*/, Text text, CharacterRange range, Ranges& out) {
  enum class Kind { space, word, other };
  const auto kind = [&](std::size_t i) {
    if (is_word_character(text[i].value)) return Kind::word;
    return is_white_space(text[i].value) ? Kind::space : Kind::other;
  };
  for (std::size_t i = range.begin; i < range.end;) {
    const Kind first = kind(i);
    const std::size_t begin = i;
    while (i < range.end && kind(i) == first) ++i;
    if (first != Kind::space) out.push_back({begin, i});
  }
}

}  // namespace

std::vector<CharacterRange> pre_tokenize(const PreTokenizer& pre_tokenizer, Text text,
                                         CharacterRange range) {
  Ranges words;
  if (range.begin < range.end) words.push_back(range);
  for (const PreTokenizerStep& step : pre_tokenizer.steps) {
    Ranges finer;
    finer.reserve(words.size());
    for (const CharacterRange word : words) {
      std::visit([&](const auto& known) { apply(known, text, word, finer); }, step);
    }
    words = std::move(finer);
  }
  return words;
}

}  // namespace topograph::detail
