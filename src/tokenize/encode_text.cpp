#include "tokenize/encode_text.hpp"

#include <algorithm>
#include <limits>

#include "tokenize/byte_alphabet.hpp"
#include "tokenize/characters.hpp"
#include "tokenize/utf8.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

/// The peer counts white space in the characters of a token; the one that stands for the byte of a
/// space is one.
TokenSpaces count_spaces(std::string_view token) {
  const auto is_space = [](char32_t c) { return c == byte_character(' ') || is_white_space(c); };
  const auto clamp = [](std::size_t n) {
    return static_cast<std::uint16_t>(
        std::min<std::size_t>(n, std::numeric_limits<std::uint16_t>::max()));
  };
  std::size_t n_characters = 0;
  std::size_t n_leading = 0;
  std::size_t n_trailing = 0;
  for (std::size_t i = 0; i < token.size();) {
    const DecodedCharacter character = decode_utf8(token, i);
    const bool is_blank = is_space(character.value);
    if (is_blank && n_leading == n_characters) ++n_leading;
    n_trailing = is_blank ? n_trailing + 1 : 0;
    ++n_characters;
    i += character.length;
  }
  return {clamp(n_leading), clamp(n_trailing)};
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

/// Appends tokens to the caller's lists and knows when there are enough.
struct TextEncoder::Output {
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  std::vector<std::int32_t>& ids;
  std::vector<TokenOffsets>* offsets;
  std::size_t first_id = ids.size();
  std::size_t first_offset = offsets == nullptr ? 0 : offsets->size();
  std::size_t n_wanted = no_limit;             // tokens after which there is no need to go on
  std::vector<TokenSpaces>* spaces = nullptr;  // of the content; null: not wanted
  std::size_t n_before = 0;                    // special tokens before the content

  [[nodiscard]] std::size_t size() const { return ids.size() - first_id; }
  [[nodiscard]] bool is_full() const { return size() >= n_wanted; }

  void push(std::int32_t id, TokenOffsets at) {
    ids.push_back(id);
    if (offsets != nullptr) offsets->push_back(at);
  }
  void push_all(const std::vector<std::int32_t>& special_ids) {
    for (const std::int32_t id : special_ids) push(id, {});
  }
  /// Removes tokens [begin, end) of those appended so far.
  void erase(std::size_t begin, std::size_t end) {
    const auto cut = [&](auto& list, std::size_t first) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(first + begin),
                 list.begin() + static_cast<std::ptrdiff_t>(first + end));
    };
    cut(ids, first_id);
    if (offsets != nullptr) cut(*offsets, first_offset);
  }
  /// The same for tokens of the content.
  void erase_content(std::size_t begin, std::size_t end) {
    erase(begin, end);
    if (spaces == nullptr) return;
    const auto at = [&](std::size_t i) {
      return spaces->begin() + static_cast<std::ptrdiff_t>(i - n_before);
    };
    spaces->erase(at(begin), at(end));
  }
};

TextEncoder::TextEncoder(const TokenizerParts& parts)
    : parts_(parts), added_(parts.added_tokens, parts.normalizer) {
  const Normalizer& normalizer = parts.normalizer;
  const PreTokenizer& pre_tokenizer = parts.pre_tokenizer;
  const bool is_bert = !normalizer.is_sequence && normalizer.steps.size() == 1 &&
                       std::holds_alternative<BertNormalizer>(normalizer.steps.front()) &&
                       !pre_tokenizer.is_sequence && pre_tokenizer.steps.size() == 1 &&
                       std::holds_alternative<BertPreTokenizer>(pre_tokenizer.steps.front());
  if (is_bert && !added_.has_normalized() && parts.post_processor.trims.empty()) {
    bert_.emplace(std::get<BertNormalizer>(normalizer.steps.front()));
  }
  spells_bytes_ = pre_tokenizer.spells_bytes();
  if (parts.post_processor.trims.empty()) return;
  spaces_of_id_.resize(parts.vocabulary.id_limit());
  for (std::size_t id = 0; id < spaces_of_id_.size(); ++id) {
    spaces_of_id_[id] = count_spaces(parts.vocabulary.token(static_cast<std::int64_t>(id)));
  }
}

bool TextEncoder::encode(std::string_view text, bool add_special_tokens, std::size_t max_length,
                         EncodeScratch& scratch, std::vector<std::int32_t>& ids,
                         std::vector<TokenOffsets>* offsets) const {
  TG_EXPECTS(std::in_range<std::uint32_t>(text.size()));
  static const PostProcessor no_special = {};
  const PostProcessor& special = add_special_tokens ? parts_.post_processor : no_special;
  const std::size_t n_before = special.before.size();
  const std::size_t n_special = n_before + special.after.size();
  const bool has_limit = max_length > 0;
  const std::size_t n_allowed =
      has_limit ? max_length - std::min(max_length, n_special) : Output::no_limit;

  Output out{ids, offsets};
  const bool trims = offsets != nullptr && !parts_.post_processor.trims.empty();
  scratch.spaces.clear();
  if (trims) out.spaces = &scratch.spaces;
  out.push_all(special.before);
  out.n_before = n_before;
  // One token more than allowed tells that the text was cut. Cutting at the left needs all of them.
  if (has_limit && !parts_.truncates_left) out.n_wanted = n_before + n_allowed + 1;
  encode_content(text, scratch, out);
  const std::size_t n_content = out.size() - n_before;
  const bool was_cut = n_content > n_allowed;
  if (was_cut) {
    const std::size_t n_surplus = n_content - n_allowed;
    const std::size_t begin = parts_.truncates_left ? n_before : out.size() - n_surplus;
    out.erase_content(begin, begin + n_surplus);
  }
  if (trims) {
    for (const PostProcessor::Trim& trim : parts_.post_processor.trims) {
      trim_offsets(text, trim, out);
    }
  }
  out.push_all(special.after);
  if (has_limit && out.size() > max_length) out.erase(max_length, out.size());
  return was_cut;
}

/// The tokens at the ends of white space stand for their visible part. A token that begins the text
/// with the one space that was put before it keeps it, or what it stands for would be lost.
void TextEncoder::trim_offsets(std::string_view text, const PostProcessor::Trim& trim,
                               Output& out) const {
  for (std::size_t i = 0; i < out.spaces->size(); ++i) {
    TokenOffsets& at = (*out.offsets)[out.first_offset + out.n_before + i];
    const TokenSpaces spaces = (*out.spaces)[i];
    const bool is_first = (i == 0 && trim.n_before == 0) || at.begin == 0;
    const bool was_put_there = is_first && trim.add_prefix_space && spaces.leading == 1;
    const std::size_t n_leading = was_put_there ? 0 : spaces.leading;
    for (std::size_t k = 0; k < n_leading && at.begin < at.end; ++k) {
      do ++at.begin;
      while (at.begin < at.end && is_continuation(text[at.begin]));
    }
    std::uint32_t end = at.end;
    std::size_t n_left = spaces.trailing;
    for (; n_left > 0 && end > 0; --n_left) {
      do --end;
      while (end > 0 && is_continuation(text[end]));
    }
    if (n_left == 0) at.end = std::max(end, at.begin);
  }
}

/// An added token's text is what it was found in, white space that it takes with it included.
void TextEncoder::push_added(const AddedSplit& split, std::string_view text, TokenOffsets at,
                             Output& out) const {
  out.push(split.id, at);
  if (out.spaces != nullptr) {
    out.spaces->push_back(count_spaces(text.substr(split.begin, split.end - split.begin)));
  }
}

void TextEncoder::encode_content(std::string_view text, EncodeScratch& scratch, Output& out) const {
  scratch.splits.clear();
  added_.split_raw(text, scratch.splits);
  for (const AddedSplit& split : scratch.splits) {
    if (out.is_full()) return;
    if (split.id >= 0) {
      push_added(split, text,
                 {static_cast<std::uint32_t>(split.begin), static_cast<std::uint32_t>(split.end)},
                 out);
      continue;
    }
    const std::string_view stretch = text.substr(split.begin, split.end - split.begin);
    const std::size_t n_done = out.size();
    const bool is_done =
        bert_ && std::visit(
                     [&](const auto& model) {
                       return out.offsets == nullptr
                                  ? encode_bert<false>(model, stretch, split.begin, scratch, out)
                                  : encode_bert<true>(model, stretch, split.begin, scratch, out);
                     },
                     parts_.model);
    if (is_done) continue;
    out.erase(n_done, out.size());
    encode_stretch(stretch, split.begin, scratch, out);
  }
}

/// The general way: normalise the stretch as a whole, split it, look each word up.
void TextEncoder::encode_stretch(std::string_view text, std::size_t offset, EncodeScratch& scratch,
                                 Output& out) const {
  NormalizedText& normalized = scratch.normalized;
  decode_text(text, offset, normalized);
  normalize(parts_.normalizer, normalized, scratch.normalize);
  if (!added_.has_normalized()) {
    encode_words(normalized, {0, normalized.size()}, scratch, out);
    return;
  }
  std::string& bytes = scratch.normalized_bytes;
  to_utf8(normalized, bytes);
  scratch.normalized_splits.clear();
  added_.split_normalized(bytes, scratch.normalized_splits);
  std::size_t character = 0;
  for (const AddedSplit& split : scratch.normalized_splits) {
    const std::size_t n =
        count_characters(std::string_view(bytes).substr(split.begin, split.end - split.begin));
    const CharacterRange range = {character, character + n};
    character += n;
    if (split.id < 0) {
      encode_words(normalized, range, scratch, out);
    } else {
      push_added(split, bytes, {normalized[range.begin].begin, normalized[range.end - 1].end}, out);
    }
    if (out.is_full()) return;
  }
}

/// Writes the bytes of a word, and for each of them what it stands for.
void TextEncoder::spell_word(NormalizedView word, bool with_alignment,
                             EncodeScratch& scratch) const {
  scratch.word.clear();
  scratch.alignment.clear();
  std::string character;
  for (const NormalizedCharacter& c : word) {
    if (spells_bytes_) {
      character.clear();
      append_utf8(c.value, character);
      append_byte_characters(character, scratch.word);
    } else {
      append_utf8(c.value, scratch.word);
    }
    if (with_alignment) scratch.alignment.resize(scratch.word.size(), {c.begin, c.end});
  }
}

void TextEncoder::encode_words(NormalizedView text, CharacterRange range, EncodeScratch& scratch,
                               Output& out) const {
  const auto [rewritten, words] =
      pre_tokenize(parts_.pre_tokenizer, text, range, scratch.pre_tokenize);
  for (const CharacterRange word : words) {
    spell_word(rewritten.subspan(word.begin, word.end - word.begin), out.offsets != nullptr,
               scratch);
    scratch.pieces.clear();
    std::visit(
        [&](const auto& model) {
          append_pieces(model, scratch.word, scratch.model, scratch.pieces);
        },
        parts_.model);
    std::size_t begin = 0;
    std::size_t shared = 0;
    for (const Piece& piece : scratch.pieces) {
      out.ids.push_back(piece.id);
      if (out.offsets == nullptr) continue;
      // Pieces of no length, the bytes of one unknown character, share their place.
      const std::size_t last = std::min<std::size_t>(piece.end, scratch.alignment.size()) - 1;
      const bool has_length = begin <= last;
      out.offsets->push_back(
          {scratch.alignment[has_length ? begin : shared].begin, scratch.alignment[last].end});
      if (has_length) shared = begin;
      begin = last + 1;
      if (out.spaces != nullptr) out.spaces->push_back(spaces_of_id_[idx(piece.id)]);
    }
    if (out.is_full()) return;
  }
}

/// The one-pass way for BERT: finds, cleans and looks up the words in a single walk.
/// @return false when a character needs the general way; tokens pushed so far are then void.
template <bool with_offsets, class KnownModel>
bool TextEncoder::encode_bert(const KnownModel& model, std::string_view text, std::size_t offset,
                              EncodeScratch& scratch, Output& out) const {
  const BertTable& table = *bert_;
  std::string& word = scratch.word;
  word.clear();
  scratch.alignment.clear();
  const auto align = [&](std::size_t begin, std::size_t length) {
    if constexpr (with_offsets) {
      scratch.alignment.resize(word.size(), {static_cast<std::uint32_t>(offset + begin),
                                             static_cast<std::uint32_t>(offset + begin + length)});
    }
  };
  const auto end_word = [&] {
    if (word.empty()) return;
    scratch.pieces.clear();
    append_pieces(model, word, scratch.model, scratch.pieces);
    std::size_t begin = 0;
    for (const Piece& piece : scratch.pieces) {
      out.ids.push_back(piece.id);
      if constexpr (with_offsets) {
        out.offsets->push_back(
            {scratch.alignment[begin].begin, scratch.alignment[piece.end - 1].end});
        begin = piece.end;
      }
    }
    word.clear();
    if constexpr (with_offsets) scratch.alignment.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (table.is_plain(byte)) {
      word.push_back(table.plain(byte));
      align(i, 1);
      ++i;
      continue;
    }
    const DecodedCharacter character =
        byte < 0x80 ? DecodedCharacter{byte, 1} : decode_utf8(text, i);
    const BertTable::Entry entry = table[character.value];
    const std::string_view bytes =
        entry.replacement.empty() ? text.substr(i, character.length) : entry.replacement;
    switch (entry.action) {
      case BertTable::Action::extend:
        word += bytes;
        align(i, character.length);
        break;
      case BertTable::Action::drop: break;
      case BertTable::Action::space: end_word(); break;
      case BertTable::Action::isolate:
        end_word();
        word += bytes;
        align(i, character.length);
        end_word();
        break;
      case BertTable::Action::reorder: return false;
    }
    i += character.length;
    if (word.empty() && out.is_full()) return true;
  }
  end_word();
  return true;
}

}  // namespace topograph::detail
