#include "tokenize/encode_text.hpp"

#include <algorithm>
#include <limits>

#include "tokenize/utf8.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

/// Appends tokens to the caller's lists and knows when there are enough.
struct TextEncoder::Output {
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  std::vector<std::int32_t>& ids;
  std::vector<TokenOffsets>* offsets;
  std::size_t first_id = ids.size();
  std::size_t first_offset = offsets == nullptr ? 0 : offsets->size();
  std::size_t n_wanted = no_limit;  // tokens after which there is no need to go on

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
};

TextEncoder::TextEncoder(const TokenizerParts& parts)
    : parts_(parts), added_(parts.added_tokens, parts.normalizer) {
  const Normalizer& normalizer = parts.normalizer;
  const PreTokenizer& pre_tokenizer = parts.pre_tokenizer;
  const bool is_bert = !normalizer.is_sequence && normalizer.steps.size() == 1 &&
                       std::holds_alternative<BertNormalizer>(normalizer.steps.front()) &&
                       !pre_tokenizer.is_sequence && pre_tokenizer.steps.size() == 1 &&
                       std::holds_alternative<BertPreTokenizer>(pre_tokenizer.steps.front());
  if (is_bert && !added_.has_normalized()) {
    bert_.emplace(std::get<BertNormalizer>(normalizer.steps.front()));
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
  out.push_all(special.before);
  // One token more than allowed tells that the text was cut. Cutting at the left needs all of them.
  if (has_limit && !parts_.truncates_left) out.n_wanted = n_before + n_allowed + 1;
  encode_content(text, scratch, out);
  const std::size_t n_content = out.size() - n_before;
  const bool was_cut = n_content > n_allowed;
  if (was_cut) {
    const std::size_t n_surplus = n_content - n_allowed;
    const std::size_t begin = parts_.truncates_left ? n_before : out.size() - n_surplus;
    out.erase(begin, begin + n_surplus);
  }
  out.push_all(special.after);
  if (has_limit && out.size() > max_length) out.erase(max_length, out.size());
  return was_cut;
}

void TextEncoder::encode_content(std::string_view text, EncodeScratch& scratch, Output& out) const {
  scratch.splits.clear();
  added_.split_raw(text, scratch.splits);
  for (const AddedSplit& split : scratch.splits) {
    if (out.is_full()) return;
    if (split.id >= 0) {
      out.push(split.id,
               {static_cast<std::uint32_t>(split.begin), static_cast<std::uint32_t>(split.end)});
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
  NormalizedText normalized = normalized_text(text, offset);
  normalize(parts_.normalizer, normalized);
  if (!added_.has_normalized()) {
    encode_words(normalized, {0, normalized.size()}, scratch, out);
    return;
  }
  std::string bytes;
  to_utf8(normalized, bytes);
  std::vector<AddedSplit> splits;
  added_.split_normalized(bytes, splits);
  std::size_t character = 0;
  for (const AddedSplit& split : splits) {
    const std::size_t n =
        count_characters(std::string_view(bytes).substr(split.begin, split.end - split.begin));
    const CharacterRange range = {character, character + n};
    character += n;
    if (split.id < 0) {
      encode_words(normalized, range, scratch, out);
    } else {
      out.push(split.id, {normalized[range.begin].begin, normalized[range.end - 1].end});
    }
    if (out.is_full()) return;
  }
}

void TextEncoder::encode_words(std::span<const NormalizedCharacter> text, CharacterRange range,
                               EncodeScratch& scratch, Output& out) const {
  for (const CharacterRange word : pre_tokenize(parts_.pre_tokenizer, text, range)) {
    scratch.word.clear();
    scratch.alignment.clear();
    for (std::size_t i = word.begin; i < word.end; ++i) {
      append_utf8(text[i].value, scratch.word);
      scratch.alignment.resize(scratch.word.size(), {text[i].begin, text[i].end});
    }
    scratch.pieces.clear();
    std::visit([&](const auto& model) { model.append(scratch.word, scratch.pieces); },
               parts_.model);
    std::size_t begin = 0;
    for (const Piece& piece : scratch.pieces) {
      out.push(piece.id, {scratch.alignment[begin].begin, scratch.alignment[piece.end - 1].end});
      begin = piece.end;
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
    model.append(word, scratch.pieces);
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
