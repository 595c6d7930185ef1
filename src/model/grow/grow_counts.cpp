#include "model/grow/grow_counts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/text/grow_vocabulary.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

/// The terms of the batch that the rules let in.
Result<Vocabulary> terms_of_batch(const TermCounts& old, const CountGrowth& growth,
                                  RunContext& run) {
  if (!old.plan.vocabulary.empty()) return Vocabulary();
  TextColumn texts;
  std::vector<std::int32_t> copies;
  for (const CountChange& change : growth.changes) {
    if (!change.is_new) continue;
    texts.push_back(growth.texts[idx(change.text)]);
    copies.push_back(narrow<std::int32_t>(std::llround(change.factor)));
  }
  if (texts.empty()) return Vocabulary();
  CountPlan plan = old.plan;
  plan.options.max_features.reset();
  plan.options.df_of = FrequencyOf::documents;
  const std::vector<std::int32_t> one_class(texts.size(), 0);
  TG_TRY(auto counts, count_terms(texts, one_class, 1, copies, plan, run));
  return std::move(counts.vocabulary);
}

Csr<double> moved_columns(const Csr<double>& counts, const std::vector<std::int32_t>& places,
                          std::size_t n_cols, double factor) {
  Csr<double> moved = counts;
  moved.n_cols = n_cols;
  for (std::int32_t& column : moved.columns) column = places[idx(column)];
  for (double& value : moved.values) value *= factor;
  return moved;
}

/// Ids of the terms that stay, ascending.
std::vector<std::int32_t> terms_that_stay(const TermCounts& counts, const OnlineOptions& options) {
  std::vector<double> total(counts.vocabulary.size(), 0.0);
  for (std::size_t i = 0; i < counts.counts.nnz(); ++i) {
    total[idx(counts.counts.columns[i])] += counts.counts.values[i];
  }
  std::vector<std::int32_t> terms;
  for (std::size_t term = 0; term < total.size(); ++term) {
    if (total[term] >= options.min_count) terms.push_back(narrow<std::int32_t>(term));
  }
  const auto limit = options.max_terms ? options.max_terms : counts.plan.options.max_features;
  if (!limit || terms.size() <= idx(*limit)) return terms;
  std::ranges::stable_sort(
      terms, [&](std::int32_t a, std::int32_t b) { return total[idx(a)] > total[idx(b)]; });
  terms.resize(idx(*limit));
  std::ranges::sort(terms);
  return terms;
}

void keep_terms(TermCounts& counts, const std::vector<std::int32_t>& terms) {
  TextColumn names;
  std::vector<std::int64_t> frequency;
  std::vector<std::int32_t> place(counts.vocabulary.size(), -1);
  for (const std::int32_t term : terms) {
    place[idx(term)] = narrow<std::int32_t>(names.size());
    names.push_back(counts.vocabulary.term(term));
    frequency.push_back(counts.vocabulary.document_frequency()[idx(term)]);
  }
  Csr<double> kept;
  kept.n_cols = terms.size();
  for (std::size_t row = 0; row < counts.counts.rows(); ++row) {
    for (std::size_t i = counts.counts.view().begin(row); i < counts.counts.view().end(row); ++i) {
      const std::int32_t column = place[idx(counts.counts.columns[i])];
      if (column < 0) continue;
      kept.columns.push_back(column);
      kept.values.push_back(counts.counts.values[i]);
    }
    kept.offsets.push_back(narrow<std::int64_t>(kept.columns.size()));
  }
  counts.vocabulary = Vocabulary(std::move(names), std::move(frequency));
  counts.counts = std::move(kept);
}

/// Adds the documents of the batch to the frequencies.
Vocabulary with_frequencies(const Vocabulary& vocabulary, const Csr<double>& documents,
                            const std::vector<CountChange>& changes) {
  std::vector<std::int64_t> frequency(vocabulary.document_frequency().begin(),
                                      vocabulary.document_frequency().end());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].is_new) continue;
    for (const std::int32_t column : documents.view().row_columns(i)) {
      frequency[idx(column)] += std::llround(changes[i].factor);
    }
  }
  return {vocabulary.terms(), std::move(frequency)};
}

}  // namespace

Result<GrownCounts> grow_counts(const TermCounts& old, const CountGrowth& growth,
                                const OnlineOptions& options, RunContext& run) {
  TG_TRY(const Vocabulary batch, terms_of_batch(old, growth, run));
  GrownVocabulary grown = grow_vocabulary(old.vocabulary, batch, old.plan);
  const std::size_t n_terms = grown.vocabulary.size();

  std::vector<std::int64_t> texts;
  std::vector<std::int32_t> rows = growth.row_of_old;
  std::vector<double> factors(growth.row_of_old.size(), 1.0);
  for (const CountChange& change : growth.changes) {
    texts.push_back(change.text);
    rows.push_back(change.row);
    factors.push_back(change.factor);
  }
  TG_TRY(const Csr<double> documents,
         count_documents(growth.texts, texts, grown.vocabulary, old.plan, run));
  const Csr<double> before =
      moved_columns(old.counts, grown.place_of_old, n_terms, 1 - options.decay);
  const Csr<double> all = stack_rows(before.view(), documents.view());

  GrownCounts out;
  out.counts.plan = old.plan;
  out.counts.vocabulary = with_frequencies(grown.vocabulary, documents, growth.changes);
  out.counts.counts =
      without_small(sum_rows(all.view(), rows, growth.n_rows, factors).view(), kCountRounding);
  out.n_new_terms = narrow<std::int64_t>(n_terms - old.vocabulary.size());
  const auto kept = terms_that_stay(out.counts, options);
  if (kept.size() < n_terms) {
    out.n_dropped_terms = narrow<std::int64_t>(n_terms - kept.size());
    keep_terms(out.counts, kept);
  }
  return out;
}

}  // namespace topograph
