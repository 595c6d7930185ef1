#include "text/shard_terms.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// The first eight bytes as a number that compares as they do; shorter words end in zeros.
std::uint64_t leading_bytes(std::string_view word) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes = (bytes << 8U) | (i < word.size() ? static_cast<unsigned char>(word[i]) : 0U);
  }
  return bytes;
}

/// Writes nodes out in an order in which children follow their parents.
class PathWriter {
 public:
  PathWriter(const NgramTrie& trie, const TermTable& words) : trie_(trie), words_(words) {}

  std::string_view write(std::int32_t node) {
    while (!path_.empty() && path_.back().first != trie_.parent(node)) path_.pop_back();
    if (path_.empty() && trie_.parent(node) >= 0) write(trie_.parent(node));
    text_.resize(path_.empty() ? 0 : path_.back().second);
    if (!path_.empty()) text_.push_back(' ');
    text_ += words_.term(trie_.word(node));
    path_.emplace_back(node, text_.size());
    return text_;
  }

 private:
  const NgramTrie& trie_;
  const TermTable& words_;
  std::string text_ = {};
  std::vector<std::pair<std::int32_t, std::size_t>> path_ = {};  // Nodes and where their text ends.
};

/// Sorts the counts of the kept nodes by term.
void collect_counts(const NgramShard& shard, ShardTerms& terms) {
  std::vector<std::int32_t> place(shard.ngrams().size(), -1);
  for (std::size_t t = 0; t < terms.nodes.size(); ++t) {
    place[idx(terms.nodes[t])] = static_cast<std::int32_t>(t);
  }
  std::vector<std::size_t>& first = terms.first_count;
  first.assign(terms.nodes.size() + 1, 0);
  for (const NgramShard::Count& entry : shard.counts()) {
    if (place[idx(entry.node)] >= 0) ++first[idx(place[idx(entry.node)]) + 1];
  }
  for (std::size_t t = 0; t < terms.nodes.size(); ++t) first[t + 1] += first[t];
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  terms.counts.resize(first.back());
  for (const NgramShard::Count& entry : shard.counts()) {
    const std::int32_t t = place[idx(entry.node)];
    if (t >= 0) terms.counts[next[idx(t)]++] = {entry.class_id, entry.count};
  }
}

}  // namespace

ShardTerms terms_of_shard(const NgramShard& shard, const std::vector<std::uint8_t>& is_kept,
                          const TermTable& words, const std::vector<std::int32_t>& rank,
                          bool is_stemmed) {
  ShardTerms terms;
  const NgramTrie& ngrams = shard.ngrams();
  std::vector<std::int32_t> best;
  if (is_stemmed) best = shard.best_surfaces(rank);
  PathWriter keys(ngrams, words);
  PathWriter surfaces(shard.surfaces(), words);
  for (const std::int32_t node : ngrams.preorder(rank)) {
    if (ngrams.parent(node) < 0) {
      const std::size_t begin = terms.nodes.size();
      terms.families.push_back({rank[idx(ngrams.word(node))], begin, begin});
    }
    if (is_kept[idx(node)] == 0) continue;
    terms.nodes.push_back(node);
    terms.families.back().end = terms.nodes.size();
    terms.names.push_back(is_stemmed ? surfaces.write(best[idx(node)]) : keys.write(node));
  }
  collect_counts(shard, terms);
  return terms;
}

std::vector<std::int32_t> ranks_of(const TermTable& words) {
  std::vector<std::pair<std::uint64_t, std::int32_t>> keyed;
  keyed.reserve(words.size());
  for (std::size_t w = 0; w < words.size(); ++w) {
    const auto word = static_cast<std::int32_t>(w);
    keyed.emplace_back(leading_bytes(words.term(word)), word);
  }
  std::ranges::sort(keyed, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : words.term(a.second) < words.term(b.second);
  });
  std::vector<std::int32_t> rank(words.size());
  for (std::size_t i = 0; i < keyed.size(); ++i) {
    rank[idx(keyed[i].second)] = static_cast<std::int32_t>(i);
  }
  return rank;
}

}  // namespace topograph
