// Counting in three passes over ever smaller things: documents in parallel blocks, each with a term
// table of its own; blocks in order into one table; terms sorted by their bytes and pruned.
#include "topograph/text/count_terms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

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

/// The forms in which stemmed terms were written.
struct Surfaces {
  TermTable table = {};
  std::vector<std::int32_t> term_of = {};
  std::vector<std::int64_t> count = {};

  void add(std::string_view surface, std::uint64_t hash, std::int32_t term, std::int64_t n) {
    const std::int32_t id = table.add(surface, hash);
    if (idx(id) == count.size()) {
      count.push_back(0);
      term_of.push_back(term);
    }
    count[idx(id)] += n;
  }
  [[nodiscard]] std::size_t bytes() const { return table.bytes() + count.size() * 12; }
};

struct BlockCounts {
  TermTable terms = {};
  Surfaces surfaces = {};                    ///< Empty unless words are stemmed.
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

BlockCounts count_block(const Corpus& corpus, const DocumentRange& block, const TermTable& allowed,
                        bool is_stemmed, TermCutter& cutter) {
  BlockCounts counts;
  std::vector<double> in_document;           // Per term; 0 outside the document under way.
  std::vector<std::int32_t> document_terms;  // Distinct terms of the document under way.
  for (std::size_t row = block.begin; row < block.end; ++row) {
    const std::int32_t class_id = corpus.classes[row];
    if (class_id < 0) continue;
    const std::int64_t weight = corpus.weight(row);
    counts.n_documents += weight;
    document_terms.clear();
    const auto& surfaces = cutter.cut(corpus.texts[row]);
    const auto& keys = cutter.keys();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (allowed.size() > 0 && allowed.find(keys[i]) < 0) continue;
      const std::int32_t id = counts.terms.add(keys[i]);
      if (idx(id) >= in_document.size()) {
        in_document.push_back(0);
        counts.frequency.push_back(0);
      }
      if (is_stemmed) {
        counts.surfaces.add(surfaces[i], TermTable::hash_of(surfaces[i]), id, weight);
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
  Surfaces surfaces = {};
  std::vector<std::int64_t> frequency = {};
  std::vector<ClassCount> entries = {};
  std::int64_t n_documents = 0;
  std::size_t next_add_up = kEntriesBeforeAddUp;
  std::int64_t dropped_up_to = 0;  ///< Terms of that many documents may have been dropped.

  void merge(const BlockCounts& block);
  [[nodiscard]] std::size_t bytes() const {
    return terms.bytes() + surfaces.bytes() + frequency.size() * sizeof(std::int64_t) +
           entries.size() * sizeof(ClassCount);
  }
  void drop_rare_terms(std::size_t budget);
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
  for (std::size_t local = 0; local < block.surfaces.count.size(); ++local) {
    const auto id = static_cast<std::int32_t>(local);
    surfaces.add(block.surfaces.table.term(id), block.surfaces.table.hash(id),
                 ids[idx(block.surfaces.term_of[local])], block.surfaces.count[local]);
  }
  for (const ClassCount& entry : block.entries) {
    entries.push_back({entry.class_id, ids[idx(entry.term_id)], entry.count});
  }
  if (entries.size() >= next_add_up) {
    add_up(entries);
    next_add_up = std::max(kEntriesBeforeAddUp, 2 * entries.size());
  }
}

// Terms are dropped by frequency, the rarest first, until half of the budget is free again. The
// blocks come in order, so what is dropped does not depend on the threads.
void CorpusCounts::drop_rare_terms(std::size_t budget) {
  add_up(entries);
  while (bytes() > budget / 2 && terms.size() > 0) {
    ++dropped_up_to;
    CorpusCounts kept;
    std::vector<std::int32_t> new_ids(terms.size(), -1);
    for (std::size_t id = 0; id < terms.size(); ++id) {
      if (frequency[id] <= dropped_up_to) continue;
      const auto old = static_cast<std::int32_t>(id);
      new_ids[id] = kept.terms.add(terms.term(old), terms.hash(old));
      kept.frequency.push_back(frequency[id]);
    }
    for (std::size_t id = 0; id < surfaces.count.size(); ++id) {
      const std::int32_t term = new_ids[idx(surfaces.term_of[id])];
      const auto old = static_cast<std::int32_t>(id);
      if (term < 0) continue;
      kept.surfaces.add(surfaces.table.term(old), surfaces.table.hash(old), term,
                        surfaces.count[id]);
    }
    std::erase_if(entries, [&](const ClassCount& e) { return new_ids[idx(e.term_id)] < 0; });
    for (ClassCount& entry : entries) entry.term_id = new_ids[idx(entry.term_id)];
    entries.shrink_to_fit();
    terms = std::move(kept.terms);
    surfaces = std::move(kept.surfaces);
    frequency = std::move(kept.frequency);
  }
  next_add_up = std::max(kEntriesBeforeAddUp, 2 * entries.size());
}

Result<CorpusCounts> count_corpus(const Corpus& corpus, const CutRules& rules,
                                  const TermTable& allowed, RunContext& run) {
  CorpusCounts counts;
  std::vector<std::optional<TermCutter>> cutters(idx(run.threads()));
  Stage stage(run, "count words", corpus.texts.size());
  const std::size_t budget = run.memory_bytes() / 2;
  const std::vector<DocumentRange> ranges = cut_into_blocks(corpus.texts);
  for (std::size_t first = 0; first < ranges.size(); first += kBlocksPerRound) {
    std::vector<BlockCounts> blocks(std::min(kBlocksPerRound, ranges.size() - first));
    TG_TRY(parallel_blocks(run, blocks.size(), 1, [&](const Block& block) {
      auto& cutter = cutters[block.worker];
      if (!cutter) cutter.emplace(rules);
      const DocumentRange& range = ranges[first + block.index];
      blocks[block.index] =
          count_block(corpus, range, allowed, !rules.stem_language.empty(), *cutter);
      stage.advance(range.end - range.begin);
    }));
    for (BlockCounts& block : blocks) {
      counts.merge(block);
      block = {};
      if (counts.bytes() > budget) counts.drop_rare_terms(budget);
    }
  }
  return counts;
}

/// What terms are shown as: the most frequent form of a stemmed one (ties: the first in bytes).
class TermNames {
 public:
  explicit TermNames(const CorpusCounts& counts) : counts_(counts) {
    const Surfaces& surfaces = counts.surfaces;
    if (surfaces.count.empty()) return;
    best_.assign(counts.terms.size(), -1);
    for (std::size_t id = 0; id < surfaces.count.size(); ++id) {
      std::int32_t& best = best_[idx(surfaces.term_of[id])];
      const auto surface = static_cast<std::int32_t>(id);
      if (best >= 0 && surfaces.count[idx(best)] > surfaces.count[id]) continue;
      const bool is_tie = best >= 0 && surfaces.count[idx(best)] == surfaces.count[id];
      if (is_tie && surfaces.table.term(best) < surfaces.table.term(surface)) continue;
      best = surface;
    }
  }
  [[nodiscard]] std::string_view of(std::int32_t term) const {
    return best_.empty() ? counts_.terms.term(term) : counts_.surfaces.table.term(best_[idx(term)]);
  }

 private:
  const CorpusCounts& counts_;
  std::vector<std::int32_t> best_ = {};
};

// Smallest and largest document frequency that is kept, as scikit-learn compares: a share is a real
// number of documents.
std::pair<double, double> frequency_limits(const CountOptions& options, std::int64_t n_documents) {
  const auto n = static_cast<double>(n_documents);
  return {options.min_df >= 1 ? options.min_df : options.min_df * n,
          options.max_df > 1 ? options.max_df : options.max_df * n};
}

std::vector<std::int32_t> most_frequent(std::vector<std::int32_t> kept, std::size_t n,
                                        const CorpusCounts& counts, const TermNames& names) {
  if (kept.size() <= n) return kept;
  std::vector<double> total(counts.terms.size(), 0);
  for (const ClassCount& entry : counts.entries) total[idx(entry.term_id)] += entry.count;
  const auto is_better = [&](std::int32_t a, std::int32_t b) {
    if (total[idx(a)] != total[idx(b)]) return total[idx(a)] > total[idx(b)];
    return names.of(a) < names.of(b);
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
                                          const TermNames& names) {
  using Keyed = std::pair<std::uint64_t, std::int32_t>;
  std::vector<Keyed> keyed;
  keyed.reserve(ids.size());
  for (const std::int32_t id : ids) keyed.emplace_back(leading_bytes(names.of(id)), id);
  std::ranges::sort(keyed, [&names](const Keyed& a, const Keyed& b) {
    return a.first != b.first ? a.first < b.first : names.of(a.second) < names.of(b.second);
  });
  std::vector<std::int32_t> sorted;
  sorted.reserve(keyed.size());
  for (const Keyed& entry : keyed) sorted.push_back(entry.second);
  return sorted;
}

// Documents of each term, or classes that have it.
std::vector<std::int64_t> compared_frequency(const CorpusCounts& counts, FrequencyOf of) {
  if (of == FrequencyOf::documents) return counts.frequency;
  std::vector<std::int64_t> classes(counts.terms.size(), 0);
  std::vector<ClassCount> entries = counts.entries;
  add_up(entries);
  for (const ClassCount& entry : entries) ++classes[idx(entry.term_id)];
  return classes;
}

std::int64_t number_compared(const CorpusCounts& counts, const Corpus& corpus, FrequencyOf of) {
  if (of == FrequencyOf::documents) return counts.n_documents;
  std::set<std::int32_t> classes(corpus.classes.begin(), corpus.classes.end());
  classes.erase(-1);
  return static_cast<std::int64_t>(classes.size());
}

// Ids of the kept terms in the order of the bytes they are shown as.
std::vector<std::int32_t> kept_terms(const CorpusCounts& counts, const Corpus& corpus,
                                     const CountPlan& plan, const TermNames& names) {
  const CountOptions& options = plan.options;
  const bool is_given = !plan.vocabulary.empty();
  const auto [fewest, most] =
      frequency_limits(options, number_compared(counts, corpus, options.df_of));
  const auto frequencies = compared_frequency(counts, options.df_of);
  std::vector<std::int32_t> kept;
  for (std::size_t id = 0; id < counts.terms.size(); ++id) {
    const auto frequency = static_cast<double>(frequencies[id]);
    if (is_given || (frequency >= fewest && frequency <= most)) {
      kept.push_back(static_cast<std::int32_t>(id));
    }
  }
  if (options.max_features && !is_given) {
    kept = most_frequent(std::move(kept), idx(*options.max_features), counts, names);
  }
  return sorted_by_bytes(kept, names);
}

// Given terms that no document has keep a column of their own, as the peer's do.
void add_missing_terms(CorpusCounts& counts, const TermTable& allowed) {
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const std::int32_t term = counts.terms.add(allowed.term(id), allowed.hash(id));
    if (idx(term) == counts.frequency.size()) counts.frequency.push_back(0);
  }
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
  TermTable allowed;
  TermCutter namer(rules);
  for (const std::string& term : plan.vocabulary) allowed.add(namer.key_of(term));
  const Corpus corpus{texts, classes, weights};
  TG_TRY(CorpusCounts counts, count_corpus(corpus, rules, allowed, run));
  // With stemming a term nobody wrote has no form to show.
  if (rules.stem_language.empty()) add_missing_terms(counts, allowed);

  const TermNames names(counts);
  const std::vector<std::int32_t> kept = kept_terms(counts, corpus, plan, names);
  std::vector<std::int32_t> new_ids(counts.terms.size(), -1);
  TextColumn terms;
  std::vector<std::int64_t> frequency;
  for (const std::int32_t id : kept) {
    new_ids[idx(id)] = static_cast<std::int32_t>(terms.size());
    terms.push_back(names.of(id));
    frequency.push_back(counts.frequency[idx(id)]);
  }
  TermCounts result;
  result.plan = plan;
  result.vocabulary = Vocabulary(std::move(terms), std::move(frequency));
  TG_TRY(result.counts, class_rows(counts.entries, n_classes, new_ids, kept.size(), run));
  if (counts.dropped_up_to > 0) {
    result.warnings.push_back("terms were dropped to stay within the memory budget: those of " +
                              std::to_string(counts.dropped_up_to) +
                              " or fewer documents may be missing or counted too low");
  }
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
