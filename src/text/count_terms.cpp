// Counting in three passes over ever smaller things: documents in parallel blocks, each with a term
// table of its own; blocks in order into one table; terms sorted by their bytes and pruned.
#include "topograph/text/count_terms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "text/class_counts.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

// Blocks are cut by size, not by number of documents: large enough that their tables overlap much.
constexpr std::size_t kBytesPerBlock = std::size_t{1} << 20U;
constexpr std::size_t kBytesPerDocument = 16;  // What a document costs besides its bytes.
constexpr std::size_t kBlocksPerRound = 32;    // Bounds the block tables that are alive at once.
constexpr std::size_t kEntriesBeforeAddUp = std::size_t{1} << 24U;  // 256 MiB of pairs.

struct Corpus {
  const TextColumn& texts;
  std::span<const std::int32_t> classes;
  std::span<const std::int32_t> weights;

  [[nodiscard]] std::int64_t weight(std::size_t row) const {
    return weights.empty() ? 1 : weights[row];
  }
};

struct BlockCounts {
  TermTable terms = {};
  std::vector<std::int64_t> frequency = {};  ///< Documents of each term.
  std::vector<ClassCount> entries = {};
  std::int64_t n_documents = 0;
};

// Documents [begin, end).
struct DocumentRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<DocumentRange> cut_into_blocks(const TextColumn& texts) {
  std::vector<DocumentRange> blocks;
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (blocks.empty() || bytes >= kBytesPerBlock) {
      blocks.push_back({row, row});
      bytes = 0;
    }
    bytes += texts[row].size() + kBytesPerDocument;
    blocks.back().end = row + 1;
  }
  return blocks;
}

BlockCounts count_block(const Corpus& corpus, const DocumentRange& block, TermCutter& cutter) {
  BlockCounts counts;
  std::vector<double> in_document;           // Per term; 0 outside the document under way.
  std::vector<std::int32_t> document_terms;  // Distinct terms of the document under way.
  for (std::size_t row = block.begin; row < block.end; ++row) {
    const std::int32_t class_id = corpus.classes[row];
    if (class_id < 0) continue;
    const std::int64_t weight = corpus.weight(row);
    counts.n_documents += weight;
    document_terms.clear();
    for (const std::string_view term : cutter.cut(corpus.texts[row])) {
      const std::int32_t id = counts.terms.add(term);
      if (idx(id) >= in_document.size()) {
        in_document.push_back(0);
        counts.frequency.push_back(0);
      }
      if (in_document[idx(id)] == 0) document_terms.push_back(id);
      in_document[idx(id)] += 1;
    }
    for (const std::int32_t id : document_terms) {
      counts.frequency[idx(id)] += weight;
      counts.entries.push_back({class_id, id, in_document[idx(id)] * static_cast<double>(weight)});
      in_document[idx(id)] = 0;
    }
  }
  add_up(counts.entries);
  return counts;
}

struct CorpusCounts {
  TermTable terms = {};
  std::vector<std::int64_t> frequency = {};
  std::vector<ClassCount> entries = {};
  std::int64_t n_documents = 0;
  std::size_t next_add_up = kEntriesBeforeAddUp;

  void merge(const BlockCounts& block);
};

void CorpusCounts::merge(const BlockCounts& block) {
  n_documents += block.n_documents;
  std::vector<std::int32_t> ids(block.terms.size());
  for (std::size_t local = 0; local < ids.size(); ++local) {
    const auto id = static_cast<std::int32_t>(local);
    ids[local] = terms.add(block.terms.term(id), block.terms.hash(id));
    if (idx(ids[local]) == frequency.size()) frequency.push_back(0);
    frequency[idx(ids[local])] += block.frequency[local];
  }
  for (const ClassCount& entry : block.entries) {
    entries.push_back({entry.class_id, ids[idx(entry.term_id)], entry.count});
  }
  if (entries.size() >= next_add_up) {
    add_up(entries);
    next_add_up = std::max(kEntriesBeforeAddUp, 2 * entries.size());
  }
}

Result<CorpusCounts> count_corpus(const Corpus& corpus, const CutRules& rules, RunContext& run) {
  CorpusCounts counts;
  std::vector<std::optional<TermCutter>> cutters(idx(run.threads()));
  Stage stage(run, "count words", corpus.texts.size());
  const std::vector<DocumentRange> ranges = cut_into_blocks(corpus.texts);
  for (std::size_t first = 0; first < ranges.size(); first += kBlocksPerRound) {
    std::vector<BlockCounts> blocks(std::min(kBlocksPerRound, ranges.size() - first));
    TG_TRY(parallel_blocks(run, blocks.size(), 1, [&](const Block& block) {
      auto& cutter = cutters[block.worker];
      if (!cutter) cutter.emplace(rules);
      const DocumentRange& range = ranges[first + block.index];
      blocks[block.index] = count_block(corpus, range, *cutter);
      stage.advance(range.end - range.begin);
    }));
    for (BlockCounts& block : blocks) {
      counts.merge(block);
      block = {};
    }
  }
  return counts;
}

// Smallest and largest document frequency that is kept, as scikit-learn compares: a share is a real
// number of documents.
std::pair<double, double> frequency_limits(const CountOptions& options, std::int64_t n_documents) {
  const auto n = static_cast<double>(n_documents);
  return {options.min_df >= 1 ? options.min_df : options.min_df * n,
          options.max_df > 1 ? options.max_df : options.max_df * n};
}

std::vector<std::int32_t> most_frequent(std::vector<std::int32_t> kept, std::size_t n,
                                        const CorpusCounts& counts) {
  if (kept.size() <= n) return kept;
  std::vector<double> total(counts.terms.size(), 0);
  for (const ClassCount& entry : counts.entries) total[idx(entry.term_id)] += entry.count;
  const auto is_better = [&](std::int32_t a, std::int32_t b) {
    if (total[idx(a)] != total[idx(b)]) return total[idx(a)] > total[idx(b)];
    return counts.terms.term(a) < counts.terms.term(b);
  };
  std::ranges::nth_element(kept, kept.begin() + static_cast<std::ptrdiff_t>(n), is_better);
  kept.resize(n);
  return kept;
}

// The first eight bytes as a number that compares as they do; shorter terms end in zeros.
std::uint64_t leading_bytes(std::string_view term) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes = (bytes << 8U) | (i < term.size() ? static_cast<unsigned char>(term[i]) : 0U);
  }
  return bytes;
}

std::vector<std::int32_t> sorted_by_bytes(const std::vector<std::int32_t>& ids,
                                          const TermTable& terms) {
  using Keyed = std::pair<std::uint64_t, std::int32_t>;
  std::vector<Keyed> keyed;
  keyed.reserve(ids.size());
  for (const std::int32_t id : ids) keyed.emplace_back(leading_bytes(terms.term(id)), id);
  std::ranges::sort(keyed, [&terms](const Keyed& a, const Keyed& b) {
    return a.first != b.first ? a.first < b.first : terms.term(a.second) < terms.term(b.second);
  });
  std::vector<std::int32_t> sorted;
  sorted.reserve(keyed.size());
  for (const Keyed& entry : keyed) sorted.push_back(entry.second);
  return sorted;
}

// Ids of the kept terms in the order of their bytes.
std::vector<std::int32_t> kept_terms(const CorpusCounts& counts, const CountOptions& options) {
  const auto [fewest, most] = frequency_limits(options, counts.n_documents);
  std::vector<std::int32_t> kept;
  for (std::size_t id = 0; id < counts.terms.size(); ++id) {
    const auto frequency = static_cast<double>(counts.frequency[id]);
    if (frequency >= fewest && frequency <= most) kept.push_back(static_cast<std::int32_t>(id));
  }
  if (options.max_features) {
    kept = most_frequent(std::move(kept), idx(*options.max_features), counts);
  }
  return sorted_by_bytes(kept, counts.terms);
}

}  // namespace

Result<TermCounts> count_terms(const TextColumn& texts, std::span<const std::int32_t> classes,
                               std::size_t n_classes, std::span<const std::int32_t> weights,
                               const CountPlan& plan, RunContext& run) {
  TG_EXPECTS(classes.size() == texts.size());
  TG_EXPECTS(weights.empty() || weights.size() == texts.size());
  TG_EXPECTS(
      std::ranges::all_of(classes, [&](std::int32_t c) { return c < 0 || idx(c) < n_classes; }));
  const CutRules rules(plan);
  TG_TRY(const CorpusCounts counts, count_corpus({texts, classes, weights}, rules, run));

  const std::vector<std::int32_t> kept = kept_terms(counts, plan.options);
  std::vector<std::int32_t> new_ids(counts.terms.size(), -1);
  TextColumn terms;
  std::vector<std::int64_t> frequency;
  for (const std::int32_t id : kept) {
    new_ids[idx(id)] = static_cast<std::int32_t>(terms.size());
    terms.push_back(counts.terms.term(id));
    frequency.push_back(counts.frequency[idx(id)]);
  }
  TermCounts result;
  result.plan = plan;
  result.vocabulary = Vocabulary(std::move(terms), std::move(frequency));
  TG_TRY(result.counts, class_rows(counts.entries, n_classes, new_ids, kept.size(), run));
  if (kept.empty() && counts.n_documents > 0) {
    result.warnings.push_back(counts.terms.size() == 0
                                  ? "no document has a countable word: stop words, min_length or "
                                    "token_rule leave nothing"
                                  : "no term is left: min_df and max_df exclude all " +
                                        std::to_string(counts.terms.size()) + " terms");
  }
  return result;
}

}  // namespace topograph
