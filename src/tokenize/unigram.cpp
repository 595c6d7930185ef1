#include "tokenize/unigram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "tokenize/utf8.hpp"

namespace topograph::detail {

std::vector<std::int32_t> find_byte_ids(const Vocabulary& vocabulary) {
  std::vector<std::int32_t> ids(256, -1);
  for (std::size_t byte = 0; byte < ids.size(); ++byte) {
    ids[byte] = vocabulary.id(fmt::format("<0x{:02X}>", byte));
  }
  return ids;
}

Unigram Unigram::build(const Vocabulary& vocabulary, std::vector<double> scores,
                       const Options& options) {
  constexpr double unknown_penalty = 10;  // of SentencePiece
  Unigram model;
  model.unknown_id_ = options.unknown_id;
  double lowest = std::numeric_limits<double>::infinity();
  for (const double score : scores) lowest = std::min(lowest, score);
  model.unknown_score_ = lowest - unknown_penalty;
  model.scores_ = std::move(scores);
  if (options.byte_fallback) model.byte_ids_ = find_byte_ids(vocabulary);
  std::vector<PieceTrie::Entry> entries;
  entries.reserve(vocabulary.n_tokens());
  for (std::size_t i = 0; i < vocabulary.n_tokens(); ++i) {
    entries.push_back({vocabulary.token_at(i), vocabulary.id_at(i)});
  }
  model.trie_ = PieceTrie(std::move(entries));
  return model;
}

void Unigram::append(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const {
  if (word.size() > WordCache::max_bytes) {
    append_best(word, scratch, out);
    return;
  }
  WordCache::Slot& slot = scratch.cache.slot(word);
  if (WordCache::holds(slot, word)) {
    WordCache::append(slot, 0, out);
    return;
  }
  const std::size_t first = out.size();
  append_best(word, scratch, out);
  WordCache::remember(slot, word, 0, out, first);
}

/// Viterbi: every character start is reached, because a single unknown character always goes on.
void Unigram::find_best(std::string_view word, std::vector<Node>& nodes) const {
  nodes.assign(word.size() + 1, {});
  const auto offer = [&](std::size_t begin, std::size_t end, double score, std::int32_t id) {
    Node& node = nodes[end];
    if (node.id >= 0 && !(score > node.score)) return;
    node = {score, static_cast<std::uint32_t>(begin), id};
  };
  for (std::size_t begin = 0; begin < word.size();) {
    const double reached = nodes[begin].score;
    const std::size_t next = begin + decode_utf8(word, begin).length;
    bool has_character = false;
    PieceTrie::State state = PieceTrie::root;
    for (std::size_t end = begin; end < word.size();) {
      state = trie_.next(state, word[end]);
      if (state == PieceTrie::none) break;
      ++end;
      const std::int32_t id = trie_.value(state);
      if (id < 0) continue;
      offer(begin, end, scores_[static_cast<std::size_t>(id)] + reached, id);
      has_character = has_character || end == next;
    }
    if (!has_character) offer(begin, next, unknown_score_ + reached, unknown_id_);
    begin = next;
  }
}

void Unigram::append_best(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const {
  std::vector<Node>& nodes = scratch.nodes;
  find_best(word, nodes);
  // Turn the way back into the way forth: nodes[begin].begin becomes the end of the piece there.
  auto end = static_cast<std::uint32_t>(word.size());
  std::uint32_t link = end;
  std::int32_t id = -1;
  while (true) {
    const std::uint32_t begin = nodes[end].begin;
    const std::int32_t piece = nodes[end].id;
    nodes[end].begin = link;
    nodes[end].id = id;
    if (end == 0) break;
    link = end;
    id = piece;
    end = begin;
  }
  for (std::uint32_t at = 0; at < word.size();) {
    const std::int32_t first_id = nodes[at].id;
    std::uint32_t stop = nodes[at].begin;
    if (first_id != unknown_id_) {
      out.push_back({first_id, stop});
    } else {
      while (stop < word.size() && nodes[stop].id == unknown_id_) stop = nodes[stop].begin;
      append_unknown(word.substr(at, stop - at), stop, out);
    }
    at = stop;
  }
}

/// Unknown characters together may happen to be a token.
void Unigram::append_unknown(std::string_view text, std::uint32_t end,
                             std::vector<Piece>& out) const {
  const PieceTrie::Match whole = trie_.longest_prefix(text);
  if (whole.length == text.size()) {
    out.push_back({whole.value, end});
    return;
  }
  const auto byte_id = [&](char c) { return byte_ids_[static_cast<unsigned char>(c)]; };
  const bool falls_back =
      !byte_ids_.empty() && std::ranges::all_of(text, [&](char c) { return byte_id(c) >= 0; });
  if (!falls_back) {
    out.push_back({unknown_id_, end});
    return;
  }
  for (const char c : text) out.push_back({byte_id(c), end});
}

}  // namespace topograph::detail
