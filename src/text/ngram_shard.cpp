#include "text/ngram_shard.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Parents of what is kept are kept.
void keep_parents(const NgramTrie& trie, std::vector<std::uint8_t>& is_kept) {
  for (std::size_t i = trie.size(); i-- > 0;) {
    const std::int32_t parent = trie.parent(static_cast<std::int32_t>(i));
    if (is_kept[i] != 0 && parent >= 0) is_kept[idx(parent)] = 1;
  }
}

struct Renewed {
  NgramTrie trie = {};
  std::vector<std::int32_t> new_ids = {};  ///< -1: not kept.
};

template <class NewWord>
Renewed renew(const NgramTrie& old, const std::vector<std::uint8_t>& is_kept, NewWord&& new_word) {
  Renewed out;
  out.new_ids.assign(old.size(), -1);
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (is_kept[i] == 0) continue;
    const auto node = static_cast<std::int32_t>(i);
    const std::int32_t parent = old.parent(node);
    out.new_ids[i] =
        out.trie.add(parent < 0 ? parent : out.new_ids[idx(parent)], new_word(old.word(node)));
  }
  return out;
}

template <class Item>
void keep_items(std::vector<Item>& items, const std::vector<std::uint8_t>& is_kept) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (is_kept[i] != 0) items[to++] = items[i];
  }
  items.resize(to);
  items.shrink_to_fit();
}

}  // namespace

void WordBlock::find_starts(std::span<const std::uint8_t> shards) {
  const auto is_start = [&](Piece piece) { return piece != kGap && begins_word(piece); };
  first_start = {};
  for (const Piece piece : keys) {
    if (is_start(piece)) ++first_start[shards[idx(word_of(piece))] + 1U];
  }
  for (std::size_t s = 0; s < kShards; ++s) first_start[s + 1] += first_start[s];
  starts.resize(first_start[kShards]);
  auto next = first_start;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_start(keys[i])) {
      starts[next[shards[idx(word_of(keys[i]))]]++] = static_cast<std::uint32_t>(i);
    }
  }
}

std::int32_t NgramShard::add(std::int32_t parent, std::int32_t word) {
  const std::int32_t node = ngrams_.add(parent, word);
  if (idx(node) == stats_.size()) stats_.emplace_back();
  return node;
}

void NgramShard::count(const WordBlock& block, std::size_t shard, const CutRules& rules,
                       const TermTable& words) {
  const auto [shortest, longest] = rules.options.ngram_range;
  const bool is_stemmed = !block.surfaces.empty();
  const auto& written = is_stemmed ? block.surfaces : block.keys;
  auto document = block.documents.begin();
  for (std::size_t s = block.first_start[shard]; s < block.first_start[shard + 1]; ++s) {
    const std::size_t begin = block.starts[s];
    while (begin >= document->end) ++document;
    if (document->class_id != class_id_) {
      finish_class();
      class_id_ = document->class_id;
    }
    std::int32_t node = NgramTrie::kRoot;
    std::int32_t surface = NgramTrie::kRoot;
    std::size_t at = begin;
    const auto step = [&](std::int32_t word) {
      node = add(node, word);
      if (is_stemmed) surface = surfaces_.add(surface, word_of(written[at]));
      ++at;
      return true;
    };
    walk_ngrams(block.keys, begin, longest, step, [&](int n, std::size_t end) {
      if (n < shortest) return;
      if (rules.is_stop_phrase(std::span(written).subspan(begin, end - begin), words)) return;
      Stats& stats = stats_[idx(node)];
      if (stats.last_document != document->number) {
        stats.last_document = document->number;
        stats.frequency += document->weight;
      }
      if (stats.in_class == 0) touched_.push_back(node);
      stats.in_class += static_cast<double>(document->weight);
      if (!is_stemmed) return;
      surface_stats_.resize(surfaces_.size());
      surface_stats_[idx(surface)].node = node;
      surface_stats_[idx(surface)].count += document->weight;
    });
  }
  if (is_stemmed) surface_stats_.resize(surfaces_.size());
}

void NgramShard::finish_class() {
  for (const std::int32_t node : touched_) {
    counts_.push_back({class_id_, node, stats_[idx(node)].in_class});
    stats_[idx(node)].in_class = 0;
  }
  touched_.clear();
}

std::int32_t NgramShard::add_term(std::span<const Piece> pieces) {
  std::int32_t node = NgramTrie::kRoot;
  for (std::size_t i = 0; pieces[i] != kGap; ++i) node = add(node, word_of(pieces[i]));
  return node;
}

void NgramShard::drop_rare(std::int64_t most) {
  std::vector<std::uint8_t> is_kept(ngrams_.size(), 0);
  for (std::size_t i = 0; i < is_kept.size(); ++i) {
    is_kept[i] = stats_[i].frequency > most ? 1 : 0;
  }
  keep_parents(ngrams_, is_kept);
  const auto same = [](std::int32_t word) { return word; };
  Renewed kept = renew(ngrams_, is_kept, same);
  ngrams_ = std::move(kept.trie);
  keep_items(stats_, is_kept);
  std::erase_if(counts_, [&](const Count& entry) { return is_kept[idx(entry.node)] == 0; });
  for (Count& entry : counts_) entry.node = kept.new_ids[idx(entry.node)];
  counts_.shrink_to_fit();

  std::vector<std::uint8_t> is_shown(surfaces_.size(), 0);
  for (std::size_t i = 0; i < is_shown.size(); ++i) {
    std::int32_t& node = surface_stats_[i].node;
    if (node >= 0) node = kept.new_ids[idx(node)];
    is_shown[i] = node >= 0 ? 1 : 0;
  }
  keep_parents(surfaces_, is_shown);
  surfaces_ = renew(surfaces_, is_shown, same).trie;
  keep_items(surface_stats_, is_shown);
}

void NgramShard::mark_words(std::vector<std::uint8_t>& is_used) const {
  for (const NgramTrie* trie : {&ngrams_, &surfaces_}) {
    for (std::size_t i = 0; i < trie->size(); ++i) {
      is_used[idx(trie->word(static_cast<std::int32_t>(i)))] = 1;
    }
  }
}

void NgramShard::rename_words(std::span<const std::int32_t> new_ids) {
  const auto name = [&](std::int32_t word) { return new_ids[idx(word)]; };
  ngrams_ = renew(ngrams_, std::vector<std::uint8_t>(ngrams_.size(), 1), name).trie;
  surfaces_ = renew(surfaces_, std::vector<std::uint8_t>(surfaces_.size(), 1), name).trie;
}

std::vector<std::int64_t> NgramShard::class_frequency() const {
  std::vector<std::int64_t> classes(ngrams_.size(), 0);
  std::vector<std::int32_t> last(ngrams_.size(), -1);
  for (const Count& entry : counts_) {
    if (last[idx(entry.node)] == entry.class_id) continue;
    last[idx(entry.node)] = entry.class_id;
    ++classes[idx(entry.node)];
  }
  return classes;
}

std::vector<std::int32_t> NgramShard::best_surfaces(const std::vector<std::int32_t>& rank) const {
  std::vector<std::int32_t> best(ngrams_.size(), -1);
  for (const std::int32_t surface : surfaces_.preorder(rank)) {
    const Surface& stats = surface_stats_[idx(surface)];
    if (stats.node < 0) continue;
    std::int32_t& so_far = best[idx(stats.node)];
    if (so_far < 0 || stats.count > surface_stats_[idx(so_far)].count) so_far = surface;
  }
  return best;
}

std::size_t NgramShard::bytes() const {
  return ngrams_.bytes() + stats_.capacity() * sizeof(Stats) + counts_.capacity() * sizeof(Count) +
         touched_.capacity() * sizeof(std::int32_t) + surfaces_.bytes() +
         surface_stats_.capacity() * sizeof(Surface);
}

}  // namespace topograph
