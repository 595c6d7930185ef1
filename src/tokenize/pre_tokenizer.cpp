#include "tokenize/pre_tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "tokenize/byte_alphabet.hpp"
#include "tokenize/characters.hpp"

namespace topograph::detail {
namespace {

using Scratch = PreTokenizeScratch;
using Pieces = std::vector<Scratch::Piece>;
using Ranges = std::vector<CharacterRange>;

/// Delimiters one by one, and the stretches between them.
template <class IsDelimiter>
void cut(NormalizedView text, CharacterRange range, IsDelimiter is_delimiter, Pieces& pieces) {
  pieces.clear();
  std::size_t begin = range.begin;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (!is_delimiter(text[i].value)) continue;
    if (begin < i) pieces.push_back({{begin, i}, false});
    pieces.push_back({{i, i + 1}, true});
    begin = i + 1;
  }
  if (begin < range.end) pieces.push_back({{begin, range.end}, false});
}

/// The matches of a pattern, and the stretches between them.
void cut_at_matches(NormalizedView text, CharacterRange range, const Pattern& pattern, bool invert,
                    Scratch& scratch) {
  pattern.find(text.subspan(range.begin, range.end - range.begin), scratch.patterns,
               scratch.matches);
  scratch.pieces.clear();
  std::size_t begin = range.begin;
  for (const CharacterRange match : scratch.matches) {
    const CharacterRange at = {range.begin + match.begin, range.begin + match.end};
    if (begin < at.begin) scratch.pieces.push_back({{begin, at.begin}, invert});
    scratch.pieces.push_back({at, !invert});
    begin = at.end;
  }
  if (begin < range.end) scratch.pieces.push_back({{begin, range.end}, invert});
}

/// Whether piece `i` is glued to the one before it.
bool is_joined(const Pieces& pieces, std::size_t i, SplitBehavior behavior) {
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

void join(const Pieces& pieces, SplitBehavior behavior, Ranges& out) {
  const std::size_t first = out.size();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (behavior == SplitBehavior::removed && pieces[i].is_delimiter) continue;
    if (is_joined(pieces, i, behavior)) {
      out.back().end = pieces[i].range.end;
    } else {
      out.push_back(pieces[i].range);
    }
  }
  const auto is_empty = [](CharacterRange range) { return range.begin == range.end; };
  out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), is_empty),
            out.end());
}

template <class IsDelimiter>
void split(NormalizedView text, CharacterRange range, IsDelimiter is_delimiter,
           SplitBehavior behavior, Pieces& pieces, Ranges& out) {
  cut(text, range, is_delimiter, pieces);
  join(pieces, behavior, out);
}

void apply(const WhitespaceSplitPreTokenizer& /*step*/, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  split(text, range, is_white_space, SplitBehavior::removed, scratch.pieces, scratch.finer);
}

void apply(const PunctuationPreTokenizer& step, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  split(text, range, is_punctuation, step.behavior, scratch.pieces, scratch.finer);
}

void apply(const DigitsPreTokenizer& step, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  const auto behavior = step.individual ? SplitBehavior::isolated : SplitBehavior::contiguous;
  split(text, range, is_numeric, behavior, scratch.pieces, scratch.finer);
}

void apply(const DelimiterPreTokenizer& step, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  split(
      text, range, [&](char32_t c) { return c == step.delimiter; }, SplitBehavior::removed,
      scratch.pieces, scratch.finer);
}

void apply(const BertPreTokenizer& /*step*/, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  scratch.matches.clear();
  split(text, range, is_white_space, SplitBehavior::removed, scratch.pieces, scratch.matches);
  for (const CharacterRange word : scratch.matches) {
    split(text, word, is_punctuation, SplitBehavior::isolated, scratch.pieces, scratch.finer);
  }
}

void apply(const WhitespacePreTokenizer& /*step*/, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  enum class Kind { space, word, other };
  const auto kind = [&](std::size_t i) {
    if (is_word_character(text[i].value)) return Kind::word;
    return is_white_space(text[i].value) ? Kind::space : Kind::other;
  };
  for (std::size_t i = range.begin; i < range.end;) {
    const Kind first = kind(i);
    const std::size_t begin = i;
    while (i < range.end && kind(i) == first) ++i;
    if (first != Kind::space) scratch.finer.push_back({begin, i});
  }
}

void apply(const SplitPreTokenizer& step, NormalizedView text, CharacterRange range,
           Scratch& scratch) {
  cut_at_matches(text, range, step.pattern, step.invert, scratch);
  join(scratch.pieces, step.behavior, scratch.finer);
}

/// Appends the word to `text`, after `prefix` if it is to have one; the prefix stands for what the
/// first character stands for. Returns where it is.
CharacterRange append_word(NormalizedView word, bool has_prefix, char32_t prefix,
                           NormalizedText& text) {
  const std::size_t begin = text.size();
  if (has_prefix) text.push_back({prefix, word.front().begin, word.front().end});
  text.insert(text.end(), word.begin(), word.end());
  return {begin, text.size()};
}

/// Steps that rewrite the words put them into `spare`, one after the other.
void rewrite_word(const MetaspacePreTokenizer& step, NormalizedView word, Scratch& scratch) {
  using Prepend = MetaspacePreTokenizer::Prepend;
  const bool has_space = word.front().value == ' ' || word.front().value == step.replacement;
  const bool is_first = word.front().begin == 0;
  const bool is_prefixed = !has_space && (step.prepend == Prepend::always ||
                                          (step.prepend == Prepend::first && is_first));
  NormalizedText& text = scratch.spare;
  const CharacterRange at = append_word(word, is_prefixed, step.replacement, text);
  for (std::size_t i = at.begin; i < at.end; ++i) {
    if (text[i].value == ' ') text[i].value = step.replacement;
  }
  if (!step.split) {
    scratch.finer.push_back(at);
    return;
  }
  split(
      text, at, [&](char32_t c) { return c == step.replacement; }, SplitBehavior::merged_with_next,
      scratch.pieces, scratch.finer);
}

void rewrite_word(const ByteLevelPreTokenizer& step, NormalizedView word, Scratch& scratch) {
  const bool is_prefixed = step.add_prefix_space && word.front().value != ' ';
  NormalizedText& text = scratch.spare;
  const CharacterRange at = append_word(word, is_prefixed, ' ', text);
  if (!step.use_regex) {
    scratch.finer.push_back(at);
    return;
  }
  cut_at_matches(text, at, step.words, false, scratch);
  join(scratch.pieces, SplitBehavior::isolated, scratch.finer);
}

/// Spells all words in byte characters, where a later step wants to see them.
NormalizedView spell_bytes(NormalizedView text, Scratch& scratch) {
  NormalizedText spelt;
  NormalizedText one;
  for (CharacterRange& word : scratch.words) {
    expand_bytes(text.subspan(word.begin, word.end - word.begin), one);
    word = append_word(one, false, 0, spelt);
  }
  scratch.text = std::move(spelt);
  return scratch.text;
}

template <class Step>
constexpr bool rewrites =
    std::is_same_v<Step, MetaspacePreTokenizer> || std::is_same_v<Step, ByteLevelPreTokenizer>;

template <class Step>
NormalizedView apply_to_all(const Step& step, NormalizedView text, Scratch& scratch) {
  scratch.finer.clear();
  if constexpr (rewrites<Step>) {
    scratch.spare.clear();
    for (const CharacterRange word : scratch.words) {
      rewrite_word(step, text.subspan(word.begin, word.end - word.begin), scratch);
    }
    std::swap(scratch.text, scratch.spare);
    text = scratch.text;
  } else {
    for (const CharacterRange word : scratch.words) apply(step, text, word, scratch);
  }
  std::swap(scratch.words, scratch.finer);
  return text;
}

}  // namespace

PreTokenizedText pre_tokenize(const PreTokenizer& pre_tokenizer, NormalizedView text,
                              CharacterRange range, PreTokenizeScratch& scratch) {
  scratch.words.clear();
  if (range.begin < range.end) scratch.words.push_back(range);
  for (const PreTokenizerStep& step : pre_tokenizer.steps) {
    text = std::visit([&](const auto& known) { return apply_to_all(known, text, scratch); }, step);
    const bool is_last = &step == &pre_tokenizer.steps.back();
    if (std::holds_alternative<ByteLevelPreTokenizer>(step) && !is_last) {
      text = spell_bytes(text, scratch);
    }
  }
  return {text, scratch.words};
}

}  // namespace topograph::detail
