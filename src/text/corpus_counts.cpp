// Documents come in rounds, class by class. A round is read in parallel blocks, each with numbers
// of its own for words; then words get numbers of the corpus, and every shard counts the n-grams
// that begin with one of its words. Nothing is counted twice and nothing is merged.
#include "text/corpus_counts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "text/word_reader.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kBytesPerBlock = std::size_t{1} << 20U;
constexpr std::size_t kBytesPerDocument = 16;  // What a document costs besides its bytes.
constexpr std::size_t kMostBlocksPerRound = 32;
// N-grams of a byte of text take up to this many bytes, so that a round stays within the budget.
constexpr std::size_t kCountBytesPerByte = 32;

/// Documents [begin, end) of the order.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<std::int32_t> rows_by_class(const Corpus& corpus) {
  std::vector<std::size_t> next(corpus.n_classes + 1, 0);
  for (const std::int32_t class_id : corpus.classes) {
    if (class_id >= 0) ++next[idx(class_id) + 1];
  }
  for (std::size_t c = 0; c < corpus.n_classes; ++c) next[c + 1] += next[c];
  std::vector<std::int32_t> rows(next.back());
  for (std::size_t row = 0; row < corpus.classes.size(); ++row) {
    if (corpus.classes[row] >= 0) {
      rows[next[idx(corpus.classes[row])]++] = narrow<std::int32_t>(row);
    }
  }
  return rows;
}

std::vector<Range> cut_into_blocks(const TextColumn& texts, std::span<const std::int32_t> rows) {
  std::vector<Range> blocks;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (blocks.empty() || bytes >= kBytesPerBlock) {
      blocks.push_back({i, i});
      bytes = 0;
    }
    bytes += texts[idx(rows[i])].size() + kBytesPerDocument;
    blocks.back().end = i + 1;
  }
  return blocks;
}

class Counter {
 public:
  Counter(const Corpus& corpus, const CutRules& rules, RunContext& run)
      : corpus_(corpus),
        rules_(rules),
        run_(run),
        budget_(run.memory_bytes() / 2),
        readers_(idx(run.threads())) {
    counts_.shards.resize(kShards);
  }

  Result<CorpusCounts> count(const std::vector<std::string>& vocabulary) {
    for (const std::string& key : vocabulary) {
      for_pieces(key, [&](std::string_view piece) { counts_.words.add(piece); });
    }
    if (!vocabulary.empty()) n_known_ = counts_.words.size();
    const std::vector<std::int32_t> rows = rows_by_class(corpus_);
    const std::vector<Range> ranges = cut_into_blocks(corpus_.texts, rows);
    const std::size_t per_round = std::clamp<std::size_t>(
        budget_ / (4 * kCountBytesPerByte * kBytesPerBlock), 1, kMostBlocksPerRound);
    Stage stage(run_, "count words", rows.size());
    for (std::size_t first = 0; first < ranges.size(); first += per_round) {
      const std::size_t n = std::min(per_round, ranges.size() - first);
      TG_TRY(auto blocks, read(rows, std::span(ranges).subspan(first, n), stage));
      TG_TRY(parallel_blocks(run_, kShards, 1, [&](const Block& shard) {
        for (const WordBlock& block : blocks) {
          counts_.shards[shard.index].count(block, shard.index, rules_, counts_.words);
        }
      }));
      blocks.clear();
      TG_TRY(keep_within_budget());
    }
    for (NgramShard& shard : counts_.shards) shard.finish_class();
    return std::move(counts_);
  }

 private:
  /// A block with the words it was read with.
  struct Read {
    WordBlock block = {};
    TermTable words = {};
  };

  Result<std::vector<WordBlock>> read(std::span<const std::int32_t> rows,
                                      std::span<const Range> ranges, Stage& stage) {
    std::vector<Read> parts(ranges.size());
    TG_TRY(parallel_blocks(run_, ranges.size(), 1, [&](const Block& block) {
      auto& reader = readers_[block.worker];
      if (!reader) reader.emplace(rules_);
      parts[block.index] = read_range(rows, ranges[block.index], *reader);
      stage.advance(ranges[block.index].end - ranges[block.index].begin);
    }));
    std::vector<std::vector<Piece>> numbers(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      numbers[i] = number_words(parts[i].words);
      for (const WordBlock::Document& document : parts[i].block.documents) {
        counts_.n_documents += document.weight;
      }
    }
    std::vector<std::uint8_t> shards(counts_.words.size());
    for (std::size_t w = 0; w < shards.size(); ++w) {
      shards[w] =
          static_cast<std::uint8_t>(shard_of(counts_.words.hash(static_cast<std::int32_t>(w))));
    }
    std::vector<WordBlock> blocks(parts.size());
    TG_TRY(parallel_blocks(run_, parts.size(), 1, [&](const Block& block) {
      WordBlock& words = parts[block.index].block;
      rename(numbers[block.index], words.keys);
      rename(numbers[block.index], words.surfaces);
      if (n_known_) {  // With a given vocabulary other words are gaps.
        leave_unknown_out(words.keys, [&](std::int32_t word) { return idx(word) < *n_known_; });
      }
      words.find_starts(shards);
      blocks[block.index] = std::move(words);
    }));
    return blocks;
  }

  Read read_range(std::span<const std::int32_t> rows, const Range& range, WordReader& reader) {
    Read out;
    WordBlock& block = out.block;
    reader.start();
    for (std::size_t i = range.begin; i < range.end; ++i) {
      const std::size_t row = idx(rows[i]);
      reader.read(corpus_.texts[row], block.keys, block.surfaces);
      block.keys.push_back(kGap);
      if (!rules_.stem_language.empty()) block.surfaces.push_back(kGap);
      block.documents.push_back({corpus_.classes[row], narrow<std::int32_t>(i),
                                 corpus_.weights.empty() ? 1 : corpus_.weights[row],
                                 block.keys.size()});
    }
    out.words = reader.take_words();
    return out;
  }

  /// Numbers of the corpus for the words of a block.
  std::vector<Piece> number_words(const TermTable& words) {
    std::vector<Piece> numbers(words.size());
    for (std::size_t w = 0; w < numbers.size(); ++w) {
      const auto local = static_cast<std::int32_t>(w);
      numbers[w] = static_cast<Piece>(counts_.words.add(words.term(local), words.hash(local)));
    }
    return numbers;
  }

  static void rename(const std::vector<Piece>& numbers, std::vector<Piece>& pieces) {
    for (Piece& piece : pieces) {
      if (piece != kGap) piece = numbers[idx(word_of(piece))] | (piece & kContinues);
    }
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = counts_.words.bytes();
    for (const NgramShard& shard : counts_.shards) sum += shard.bytes();
    return sum;
  }

  /// Terms are dropped by frequency, the rarest first, until half of the budget is free again. This
  /// happens between rounds, so what is dropped does not depend on the threads.
  Result<void> keep_within_budget() {
    if (bytes() <= budget_) return {};
    for (NgramShard& shard : counts_.shards) shard.finish_class();
    const auto is_empty = [](const NgramShard& shard) { return shard.ngrams().size() == 0; };
    while (bytes() > budget_ / 2 && !std::ranges::all_of(counts_.shards, is_empty)) {
      ++counts_.dropped_up_to;
      TG_TRY(parallel_blocks(run_, kShards, 1, [&](const Block& shard) {
        counts_.shards[shard.index].drop_rare(counts_.dropped_up_to);
      }));
      TG_TRY(drop_words());
    }
    return {};
  }

  Result<void> drop_words() {
    std::vector<std::uint8_t> is_used(counts_.words.size(), 0);
    std::fill_n(is_used.begin(), n_known_.value_or(0),
                std::uint8_t{1});  // They keep their numbers.
    for (const NgramShard& shard : counts_.shards) shard.mark_words(is_used);
    TermTable words;
    std::vector<std::int32_t> new_ids(is_used.size(), -1);
    for (std::size_t w = 0; w < is_used.size(); ++w) {
      const auto word = static_cast<std::int32_t>(w);
      if (is_used[w] != 0) {
        new_ids[w] = words.add(counts_.words.term(word), counts_.words.hash(word));
      }
    }
    counts_.words = std::move(words);
    return parallel_blocks(run_, kShards, 1, [&](const Block& shard) {
      counts_.shards[shard.index].rename_words(new_ids);
    });
  }

  const Corpus& corpus_;
  const CutRules& rules_;
  RunContext& run_;
  std::size_t budget_;
  std::optional<std::size_t> n_known_ = {};  ///< Words of the given vocabulary, which come first.
  std::vector<std::optional<WordReader>> readers_;
  CorpusCounts counts_ = {};
};

}  // namespace

Result<CorpusCounts> count_corpus(const Corpus& corpus, const CutRules& rules,
                                  const std::vector<std::string>& vocabulary, RunContext& run) {
  return Counter(corpus, rules, run).count(vocabulary);
}

}  // namespace topograph
