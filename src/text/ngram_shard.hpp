#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "text/ngram_trie.hpp"
#include "text/ngrams.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"

namespace topograph {

/// Every n-gram belongs to the shard of its first word, so shards are counted in parallel and never
/// merged.
inline constexpr std::size_t kShards = 256;  // Small enough for a cache each.
[[nodiscard]] inline std::size_t shard_of(std::uint64_t word_hash) {
  return (word_hash >> 40U) % kShards;
}

/// Documents as numbers of their words, ready to be counted.
struct WordBlock {
  struct Document {
    std::int32_t class_id = 0;
    std::int32_t number = 0;  ///< Ascends over all blocks.
    std::int32_t weight = 1;  ///< Copies.
    std::size_t end = 0;      ///< Behind the gap that ends it.
  };
  std::vector<Document> documents = {};
  std::vector<Piece> keys = {};
  std::vector<Piece> surfaces = {};        ///< As they are written; empty unless words are stemmed.
  std::vector<std::uint32_t> starts = {};  ///< First pieces of words, by the shard of the word ...
  std::array<std::size_t, kShards + 1> first_start = {};  ///< ... those of s from [s] to [s + 1].

  /// Fills `starts`. @param shards  Of every word.
  void find_starts(std::span<const std::uint8_t> shards);
};

/// Counts of the n-grams of one shard. Documents come class by class.
class NgramShard {
 public:
  struct Count {
    std::int32_t class_id = 0;
    std::int32_t node = 0;
    double count = 0;
  };

  void count(const WordBlock& block, std::size_t shard, const CutRules& rules,
             const TermTable& words);
  /// The class under way has no more documents.
  void finish_class();
  /// Node of a term that is counted even if no document has it. @param pieces  Ends with a gap.
  std::int32_t add_term(std::span<const Piece> pieces);

  /// Takes n-grams of up to `most` documents out, but for those that longer ones begin with.
  void drop_rare(std::int64_t most);
  /// Sets those of the words that are needed.
  void mark_words(std::vector<std::uint8_t>& is_used) const;
  /// Gives words new numbers.
  void rename_words(std::span<const std::int32_t> new_ids);

  [[nodiscard]] const NgramTrie& ngrams() const { return ngrams_; }
  /// Documents of a node; 0: it is only what others begin with.
  [[nodiscard]] std::int64_t frequency(std::int32_t node) const {
    return stats_[static_cast<std::size_t>(node)].frequency;
  }
  /// Classes of every node.
  [[nodiscard]] std::vector<std::int64_t> class_frequency() const;
  /// Counts in ascending order of the class; the pair of a class and a node may come twice.
  [[nodiscard]] const std::vector<Count>& counts() const { return counts_; }
  /// The most frequent written form of every node as a node of `surfaces` (ties: the first by
  /// `rank` of the words), -1: none.
  [[nodiscard]] std::vector<std::int32_t> best_surfaces(
      const std::vector<std::int32_t>& rank) const;
  [[nodiscard]] const NgramTrie& surfaces() const { return surfaces_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Stats {
    double in_class = 0;         ///< Of the class under way.
    std::int32_t frequency = 0;  ///< Documents, of which there are less than 2^31.
    std::int32_t last_document = -1;
  };
  /// Of a written form.
  struct Surface {
    std::int32_t node = -1;  ///< What it counts as; -1: it is only what others begin with.
    std::int64_t count = 0;
  };

  std::int32_t add(std::int32_t parent, std::int32_t word);

  NgramTrie ngrams_ = {};
  std::vector<Stats> stats_ = {};
  std::vector<Count> counts_ = {};
  std::int32_t class_id_ = -1;
  std::vector<std::int32_t> touched_ = {};  ///< Nodes of the class under way.
  NgramTrie surfaces_ = {};
  std::vector<Surface> surface_stats_ = {};
};

}  // namespace topograph
