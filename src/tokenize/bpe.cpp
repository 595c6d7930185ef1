#include "tokenize/bpe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "tokenize/unigram.hpp"
#include "tokenize/utf8.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t n_low_characters = 0x3000;
constexpr std::size_t n_few = 40;  // symbols up to which a scan beats a heap

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 31U)) * 0x9E3779B97F4A7C15U;
  return x ^ (x >> 32U);
}

char32_t last_character(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return decode_utf8(text, begin).value;
}

}  // namespace

Result<Bpe> Bpe::build(const Vocabulary& vocabulary, const std::vector<Merge>& merges,
                       const Options& options, std::string_view where) {
  Bpe model;
  model.options_ = options;
  model.has_affixes_ =
      !options.continuing_subword_prefix.empty() || !options.end_of_word_suffix.empty();
  if (!options.unk_token.empty()) {
    model.unknown_id_ = vocabulary.id(options.unk_token);
    if (model.unknown_id_ < 0) {
      return model_error(
          ErrorCode::parse, std::string(where),
          fmt::format("model.unk_token \"{}\" is not in model.vocab", options.unk_token),
          "the vocabulary may have been cut; fetch the model again");
    }
  }
  TG_TRY(model.read_merges(vocabulary, merges, where));
  if (options.byte_fallback) model.byte_ids_ = find_byte_ids(vocabulary);
  if (model.has_affixes_ || options.ignore_merges) model.vocabulary_ = vocabulary;
  model.make_character_ids(vocabulary);
  model.make_joints(merges);
  return model;
}

Result<void> Bpe::read_merges(const Vocabulary& vocabulary, const std::vector<Merge>& merges,
                              std::string_view where) {
  merges_.assign(std::bit_ceil(2 * merges.size() + 1), {});
  const std::size_t n_prefix = options_.continuing_subword_prefix.size();
  std::string merged;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const auto& [left, right] = merges[i];
    merged = left;
    if (right.size() >= n_prefix) merged += std::string_view(right).substr(n_prefix);
    const MergeSlot merge = {pair_of(vocabulary.id(left), vocabulary.id(right)),
                             narrow<std::uint32_t>(i), vocabulary.id(merged)};
    for (const std::string& token : {left, right, merged}) {
      if (vocabulary.id(token) >= 0) continue;
      return model_error(ErrorCode::parse, std::string(where),
                         fmt::format("merge {}, \"{}\" and \"{}\": token \"{}\" is not in "
                                     "model.vocab",
                                     i, left, right, token),
                         "the vocabulary may have been cut; fetch the model again");
    }
    insert_merge(merge);
  }
  return {};
}

/// Of equal pairs the last one counts.
void Bpe::insert_merge(const MergeSlot& merge) {
  const std::size_t mask = merges_.size() - 1;
  std::size_t slot = mix(merge.pair) & mask;
  while (merges_[slot].pair != no_pair && merges_[slot].pair != merge.pair) {
    slot = (slot + 1) & mask;
  }
  merges_[slot] = merge;
}

/// A slot of rank `no_rank` when the two never merge.
const Bpe::MergeSlot& Bpe::find_merge(std::int32_t left, std::int32_t right) const {
  static constexpr MergeSlot none = {no_pair, no_rank, -1};
  const std::uint64_t pair = pair_of(left, right);
  const std::size_t mask = merges_.size() - 1;
  std::size_t slot = mix(pair) & mask;
  while (merges_[slot].pair != pair) {
    if (merges_[slot].pair == no_pair) return none;
    slot = (slot + 1) & mask;
  }
  return merges_[slot];
}

void Bpe::make_character_ids(const Vocabulary& vocabulary) {
  low_character_ids_.assign(n_low_characters, -1);
  for (std::size_t i = 0; i < vocabulary.n_tokens(); ++i) {
    const std::string_view token = vocabulary.token_at(i);
    if (token.empty()) continue;
    const DecodedCharacter character = decode_utf8(token, 0);
    if (character.length != token.size()) continue;
    if (character.value < n_low_characters) {
      low_character_ids_[character.value] = vocabulary.id_at(i);
    } else {
      high_character_ids_.emplace_back(character.value, vocabulary.id_at(i));
    }
  }
  std::ranges::sort(high_character_ids_);
}

std::int32_t Bpe::character_id(char32_t c) const {
  if (c < n_low_characters) return low_character_ids_[c];
  const auto found = std::ranges::lower_bound(high_character_ids_, c, {},
                                              &std::pair<char32_t, std::int32_t>::first);
  return found == high_character_ids_.end() || found->first != c ? -1 : found->second;
}

/// Two neighbours can only grow together if some merge joins a token that ends in the left one to a
/// token that begins with the right one. Where none does the word may be cut, and short stretches
/// are cheap and come again. The bits may say yes too often, which costs time but no truth.
void Bpe::make_joints(const std::vector<Merge>& merges) {
  joints_.assign(std::bit_ceil(merges.size() / 4 + 16), 0);  // 16 bits a merge
  for (const Merge& merge : merges) {
    if (merge.left.empty() || merge.right.empty()) continue;
    const char32_t left = last_character(merge.left);
    const char32_t right = decode_utf8(merge.right, 0).value;
    const std::uint64_t bit =
        mix(pair_of(static_cast<std::int32_t>(left), static_cast<std::int32_t>(right)));
    joints_[(bit >> 6U) & (joints_.size() - 1)] |= std::uint64_t{1} << (bit & 63U);
  }
}

bool Bpe::may_join(char32_t left, char32_t right) const {
  const std::uint64_t bit =
      mix(pair_of(static_cast<std::int32_t>(left), static_cast<std::int32_t>(right)));
  return ((joints_[(bit >> 6U) & (joints_.size() - 1)] >> (bit & 63U)) & 1U) != 0;
}

void Bpe::append(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const {
  if (options_.ignore_merges) {
    if (const std::int32_t id = vocabulary_.id(word); id >= 0) {
      out.push_back({id, static_cast<std::uint32_t>(word.size())});
      return;
    }
  }
  if (word.size() <= WordCache::max_bytes || has_affixes_) {
    append_stretch(word, 0, scratch, out);
    return;
  }
  std::size_t begin = 0;
  std::size_t position = 0;
  char32_t left = 0;
  bool left_is_known = false;
  while (position < word.size()) {
    const DecodedCharacter character = decode_utf8(word, position);
    const bool is_known = character_id(character.value) >= 0;
    if (left_is_known && is_known && !may_join(left, character.value)) {
      append_stretch(word.substr(begin, position - begin), static_cast<std::uint32_t>(begin),
                     scratch, out);
      begin = position;
    }
    left = character.value;
    left_is_known = is_known;
    position += character.length;
  }
  append_stretch(word.substr(begin), static_cast<std::uint32_t>(begin), scratch, out);
}

void Bpe::append_stretch(std::string_view stretch, std::uint32_t shift, Scratch& scratch,
                         std::vector<Piece>& out) const {
  if (stretch.size() > WordCache::max_bytes) {
    append_merged(stretch, shift, scratch, out);
    return;
  }
  WordCache::Slot& slot = scratch.cache.slot(stretch);
  if (WordCache::holds(slot, stretch)) {
    WordCache::append(slot, shift, out);
    return;
  }
  const std::size_t first = out.size();
  append_merged(stretch, shift, scratch, out);
  WordCache::remember(slot, stretch, shift, out, first);
}

void Bpe::append_merged(std::string_view stretch, std::uint32_t shift, Scratch& scratch,
                        std::vector<Piece>& out) const {
  spell(stretch, scratch);
  if (scratch.symbols.size() <= n_few) {
    merge_few(scratch);
  } else {
    merge_many(scratch);
  }
  std::uint32_t end = shift;
  for (const Symbol& symbol : scratch.symbols) {
    if (symbol.length == 0) continue;  // merged into the one before it
    end += symbol.length;
    out.push_back({symbol.id, end});
  }
}

std::int32_t Bpe::spelled_id(std::string_view stretch, std::size_t begin, std::size_t end,
                             char32_t c, Scratch& scratch) const {
  scratch.spelled.assign(begin > 0 ? options_.continuing_subword_prefix : std::string_view());
  scratch.spelled += stretch.substr(begin, end - begin);
  if (end == stretch.size()) scratch.spelled += options_.end_of_word_suffix;
  return has_affixes_ ? vocabulary_.id(scratch.spelled) : character_id(c);
}

/// The symbols to begin with: a token a character, else the tokens of its bytes, else the unknown
/// token, which waits for the next known character so that neighbours can fuse. That byte tokens do
/// not end the wait is the peer's way.
void Bpe::spell(std::string_view stretch, Scratch& scratch) const {
  scratch.symbols.clear();
  std::uint32_t waiting = 0;  // bytes of the unknown token
  const auto push = [&](std::int32_t id, std::uint32_t length) {
    scratch.symbols.push_back({id, length, -1, -1});
  };
  const auto flush = [&] {
    if (waiting > 0) push(unknown_id_, waiting);
    waiting = 0;
  };
  for (std::size_t begin = 0; begin < stretch.size();) {
    const DecodedCharacter character = decode_utf8(stretch, begin);
    const std::size_t end = begin + character.length;
    const std::int32_t id = has_affixes_ ? spelled_id(stretch, begin, end, character.value, scratch)
                                         : character_id(character.value);
    const std::string_view bytes =
        has_affixes_ ? std::string_view(scratch.spelled) : stretch.substr(begin, character.length);
    begin = end;
    if (id >= 0) {
      flush();
      push(id, character.length);
      continue;
    }
    const auto byte_id = [&](char c) { return byte_ids_[static_cast<unsigned char>(c)]; };
    if (!byte_ids_.empty() && std::ranges::all_of(bytes, [&](char c) { return byte_id(c) >= 0; })) {
      for (const char c : bytes) push(byte_id(c), 1);
      continue;
    }
    if (unknown_id_ < 0) continue;
    if (!options_.fuse_unk) flush();
    waiting += character.length;
  }
  flush();
}

/// Looks for the lowest rank, the leftmost of equals, again and again: quick for a short word.
void Bpe::merge_few(Scratch& scratch) const {
  std::vector<Symbol>& symbols = scratch.symbols;
  std::vector<std::uint32_t>& ranks = scratch.ranks;
  const auto rank_at = [&](std::size_t i) {
    return i + 1 < symbols.size() ? find_merge(symbols[i].id, symbols[i + 1].id).rank : no_rank;
  };
  ranks.resize(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) ranks[i] = rank_at(i);
  while (symbols.size() > 1) {
    const auto lowest = std::ranges::min_element(ranks);
    if (*lowest == no_rank) return;
    const auto i = static_cast<std::size_t>(lowest - ranks.begin());
    symbols[i].id = find_merge(symbols[i].id, symbols[i + 1].id).new_id;
    symbols[i].length += symbols[i + 1].length;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ranks.erase(ranks.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ranks[i] = rank_at(i);
    if (i > 0) ranks[i - 1] = rank_at(i - 1);
  }
}

/// The same with a heap of candidates, some of which time has overtaken.
void Bpe::merge_many(Scratch& scratch) const {
  std::vector<Symbol>& symbols = scratch.symbols;
  std::vector<Candidate>& heap = scratch.heap;
  const auto comes_later = [](const Candidate& a, const Candidate& b) {
    return std::pair(a.rank, a.position) > std::pair(b.rank, b.position);
  };
  const auto candidate_at = [&](std::int32_t position) {
    const Symbol& left = symbols[idx(position)];
    const MergeSlot& merge = find_merge(left.id, symbols[idx(left.next)].id);
    return Candidate{merge.rank, position, merge.new_id};
  };
  const auto offer = [&](std::int32_t position) {
    const Candidate candidate = candidate_at(position);
    if (candidate.rank == no_rank) return;
    heap.push_back(candidate);
    std::ranges::push_heap(heap, comes_later);
  };
  const auto n = narrow<std::int32_t>(symbols.size());
  heap.clear();
  for (std::int32_t i = 0; i < n; ++i) {
    symbols[idx(i)].previous = i - 1;
    symbols[idx(i)].next = i + 1 < n ? i + 1 : -1;
  }
  for (std::int32_t i = 0; i + 1 < n; ++i) offer(i);
  while (!heap.empty()) {
    std::ranges::pop_heap(heap, comes_later);
    const Candidate top = heap.back();
    heap.pop_back();
    Symbol& symbol = symbols[idx(top.position)];
    if (symbol.length == 0 || symbol.next < 0) continue;
    if (candidate_at(top.position).new_id != top.new_id) continue;
    Symbol& right = symbols[idx(symbol.next)];
    symbol.id = top.new_id;
    symbol.length += right.length;
    symbol.next = right.next;
    right.length = 0;
    if (symbol.next >= 0) symbols[idx(symbol.next)].previous = top.position;
    if (symbol.previous >= 0) offer(symbol.previous);
    if (symbol.next >= 0) offer(top.position);
  }
}

}  // namespace topograph::detail
