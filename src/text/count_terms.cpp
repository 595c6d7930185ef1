// Counting has three parts: n-grams of the corpus in shards (corpus_counts), the terms of every
// shard that are kept, in order (shard_terms), and here the vocabulary and the rows of the classes.
#include "topograph/text/count_terms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "text/corpus_counts.hpp"
#include "text/shard_terms.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kTermsPerBlock = std::size_t{1} << 16U;

using KeptNodes = std::vector<std::vector<std::uint8_t>>;  ///< Of every shard.

std::vector<std::string> keys_of(const CountPlan& plan, const CutRules& rules) {
  TermCutter namer(rules);
  std::vector<std::string> keys;
  for (const std::string& term : plan.vocabulary) keys.emplace_back(namer.key_of(term));
  return keys;
}

// Smallest and largest document frequency that is kept, as scikit-learn compares: a share is a real
// number of documents.
std::pair<double, double> frequency_limits(const CountOptions& options, std::int64_t n_documents) {
  const auto n = static_cast<double>(n_documents);
  return {options.min_df >= 1 ? options.min_df : options.min_df * n,
          options.max_df > 1 ? options.max_df : options.max_df * n};
}

std::int64_t number_compared(const CorpusCounts& counts, const Corpus& corpus, FrequencyOf of) {
  if (of == FrequencyOf::documents) return counts.n_documents;
  std::set<std::int32_t> classes(corpus.classes.begin(), corpus.classes.end());
  classes.erase(-1);
  return static_cast<std::int64_t>(classes.size());
}

Result<KeptNodes> nodes_by_frequency(const CorpusCounts& counts, const Corpus& corpus,
                                     const CountOptions& options, RunContext& run) {
  const auto limits = frequency_limits(options, number_compared(counts, corpus, options.df_of));
  KeptNodes kept(counts.shards.size());
  TG_TRY(parallel_blocks(run, kept.size(), 1, [&](const Block& block) {
    const NgramShard& shard = counts.shards[block.index];
    const bool by_class = options.df_of == FrequencyOf::topics;
    const auto classes = by_class ? shard.class_frequency() : std::vector<std::int64_t>();
    kept[block.index].assign(shard.ngrams().size(), 0);
    for (std::size_t i = 0; i < kept[block.index].size(); ++i) {
      const std::int64_t documents = shard.frequency(static_cast<std::int32_t>(i));
      const auto frequency = static_cast<double>(by_class ? classes[i] : documents);
      kept[block.index][i] =
          documents > 0 && frequency >= limits.first && frequency <= limits.second ? 1 : 0;
    }
  }));
  return kept;
}

/// Given terms that no document has keep a column of their own, as the peer's do. With stemming
/// they have no form to show.
KeptNodes given_nodes(CorpusCounts& counts, const std::vector<std::string>& keys, bool is_stemmed) {
  std::vector<std::pair<std::size_t, std::int32_t>> nodes;
  for (const std::string& key : keys) {
    std::vector<Piece> pieces;
    for_pieces(key, [&](std::string_view piece) {
      pieces.push_back(static_cast<Piece>(counts.words.find(piece)));
    });
    const std::size_t shard = shard_of(counts.words.hash(word_of(pieces.front())));
    pieces.push_back(kGap);
    nodes.emplace_back(shard, counts.shards[shard].add_term(pieces));
  }
  KeptNodes kept;
  for (const NgramShard& shard : counts.shards) kept.emplace_back(shard.ngrams().size(), 0);
  for (const auto& [shard, node] : nodes) {
    kept[shard][idx(node)] = !is_stemmed || counts.shards[shard].frequency(node) > 0 ? 1 : 0;
  }
  return kept;
}

struct Place {
  std::int32_t shard = 0;
  std::int32_t term = 0;  ///< Of the shard.
};

bool has_control_byte(const TermTable& words) {
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (const char c : words.term(static_cast<std::int32_t>(w))) {
      if (static_cast<unsigned char>(c) < ' ') return true;
    }
  }
  return false;
}

/// All terms by the bytes of their names.
std::vector<Place> ordered(const std::vector<ShardTerms>& shards, bool order_is_that_of_words) {
  struct Family {
    std::int32_t rank = 0;
    std::int32_t shard = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Family> families;
  std::size_t n_terms = 0;
  for (std::size_t s = 0; s < shards.size(); ++s) {
    n_terms += shards[s].nodes.size();
    for (const ShardTerms::Family& family : shards[s].families) {
      families.push_back({family.rank, static_cast<std::int32_t>(s), family.begin, family.end});
    }
  }
  std::ranges::sort(families, {}, &Family::rank);
  std::vector<Place> places;
  places.reserve(n_terms);
  for (const Family& family : families) {
    for (std::size_t t = family.begin; t < family.end; ++t) {
      places.push_back({family.shard, narrow<std::int32_t>(t)});
    }
  }
  if (!order_is_that_of_words) {
    std::ranges::sort(places, {}, [&](const Place& place) {
      return shards[idx(place.shard)].names[idx(place.term)];
    });
  }
  return places;
}

std::span<const ClassCount> counts_of(const std::vector<ShardTerms>& shards, const Place& place) {
  const ShardTerms& terms = shards[idx(place.shard)];
  const std::size_t begin = terms.first_count[idx(place.term)];
  return std::span(terms.counts).subspan(begin, terms.first_count[idx(place.term) + 1] - begin);
}

/// The n terms with the largest counts, in their order; ties: the first ones.
std::vector<Place> most_frequent(const std::vector<Place>& places, std::size_t n,
                                 const std::vector<ShardTerms>& shards) {
  if (places.size() <= n) return places;
  std::vector<std::pair<double, std::size_t>> total(places.size());  // Negative.
  for (std::size_t i = 0; i < places.size(); ++i) {
    total[i].second = i;
    for (const ClassCount& entry : counts_of(shards, places[i])) total[i].first -= entry.count;
  }
  std::ranges::nth_element(total, total.begin() + static_cast<std::ptrdiff_t>(n));
  total.resize(n);
  std::ranges::sort(total, {}, &std::pair<double, std::size_t>::second);
  std::vector<Place> kept;
  for (const auto& entry : total) kept.push_back(places[entry.second]);
  return kept;
}

Vocabulary vocabulary_of(const CorpusCounts& counts, const std::vector<ShardTerms>& shards,
                         const std::vector<Place>& places) {
  TextColumn terms;
  std::size_t n_bytes = 0;
  for (const ShardTerms& shard : shards) n_bytes += shard.names.bytes();
  terms.reserve(places.size(), n_bytes);
  std::vector<std::int64_t> frequency;
  frequency.reserve(places.size());
  for (const Place& place : places) {
    const ShardTerms& shard = shards[idx(place.shard)];
    terms.push_back(shard.names[idx(place.term)]);
    frequency.push_back(counts.shards[idx(place.shard)].frequency(shard.nodes[idx(place.term)]));
  }
  return {std::move(terms), std::move(frequency)};
}

/// Rows of the classes. Terms come in order, so every row is written from left to right: blocks of
/// terms are counted first, and know then where in each row they write.
Result<Csr<double>> class_rows(const std::vector<ShardTerms>& shards,
                               const std::vector<Place>& places, std::size_t n_classes,
                               RunContext& run) {
  const std::size_t grain = std::max(kTermsPerBlock, n_classes);
  std::vector<std::vector<std::int64_t>> next(block_count(places.size(), grain));
  TG_TRY(parallel_blocks(run, places.size(), grain, [&](const Block& block) {
    next[block.index].assign(n_classes, 0);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      std::int32_t last = -1;
      for (const ClassCount& entry : counts_of(shards, places[i])) {
        if (entry.class_id != last) ++next[block.index][idx(entry.class_id)];
        last = entry.class_id;
      }
    }
  }));
  Csr<double> counts;
  counts.n_cols = places.size();
  counts.offsets.reserve(n_classes + 1);
  std::int64_t end = 0;
  for (std::size_t c = 0; c < n_classes; ++c) {
    for (auto& block : next) end += std::exchange(block[c], end);
    counts.offsets.push_back(end);
  }
  counts.columns.resize(idx(end));
  counts.values.resize(idx(end), 0.0);
  TG_TRY(parallel_blocks(run, places.size(), grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      std::int32_t last = -1;
      for (const ClassCount& entry : counts_of(shards, places[i])) {
        std::int64_t& at = next[block.index][idx(entry.class_id)];
        if (entry.class_id != last) counts.columns[idx(at++)] = static_cast<std::int32_t>(i);
        counts.values[idx(at - 1)] += entry.count;
        last = entry.class_id;
      }
    }
  }));
  return counts;
}

std::vector<std::string> warnings_of(const CorpusCounts& counts, bool is_empty) {
  std::vector<std::string> warnings;
  if (counts.dropped_up_to > 0) {
    warnings.push_back("terms were dropped to stay within the memory budget: those of " +
                       std::to_string(counts.dropped_up_to) +
                       " or fewer documents may be missing or counted too low");
  }
  if (!is_empty || counts.n_documents == 0) return warnings;
  std::size_t n_terms = 0;
  for (const NgramShard& shard : counts.shards) {
    for (std::size_t i = 0; i < shard.ngrams().size(); ++i) {
      n_terms += shard.frequency(static_cast<std::int32_t>(i)) > 0 ? 1U : 0U;
    }
  }
  warnings.push_back(n_terms == 0
                         ? "no document has a countable word: stop words, min_length or token_rule "
                           "leave nothing"
                         : "no term is left: min_df and max_df exclude all " +
                               std::to_string(n_terms) + " terms");
  return warnings;
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
  const bool is_stemmed = !rules.stem_language.empty();
  const bool is_given = !plan.vocabulary.empty();
  const std::vector<std::string> keys = keys_of(plan, rules);
  const Corpus corpus{texts, classes, weights, n_classes};
  TG_TRY(CorpusCounts counts, count_corpus(corpus, rules, keys, run));
  KeptNodes kept;
  if (is_given) {
    kept = given_nodes(counts, keys, is_stemmed);
  } else {
    TG_TRY(kept, nodes_by_frequency(counts, corpus, plan.options, run));
  }
  const std::vector<std::int32_t> rank = ranks_of(counts.words);
  std::vector<ShardTerms> shards(counts.shards.size());
  TG_TRY(parallel_blocks(run, shards.size(), 1, [&](const Block& block) {
    shards[block.index] = terms_of_shard(counts.shards[block.index], kept[block.index],
                                         counts.words, rank, is_stemmed);
  }));
  std::vector<Place> places = ordered(shards, !is_stemmed && !has_control_byte(counts.words));
  if (plan.options.max_features && !is_given) {
    places = most_frequent(places, idx(*plan.options.max_features), shards);
  }
  TermCounts result;
  result.plan = plan;
  result.vocabulary = vocabulary_of(counts, shards, places);
  result.warnings = warnings_of(counts, places.empty());
  counts = {};
  TG_TRY(result.counts, class_rows(shards, places, n_classes, run));
  return result;
}

}  // namespace topograph
