#include "topic_coherence.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/evaluate/coherence.hpp"
#include "topograph/evaluate/window_coherence.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/term_places.hpp"

namespace topograph::cli {

Result<TopicCoherence> topic_coherence(const TopicModel& model, const TextColumn& texts,
                                       RunContext& run) {
  constexpr std::size_t most_documents = 50000;
  std::set<std::string> terms;
  for (const Topic& topic : model.topics().topics) {
    if (topic.id < 0) continue;
    for (const TopicWord& word : topic.words) terms.insert(word.term);
  }
  TextColumn sorted;
  for (const std::string& term : terms) sorted.push_back(term);
  const Vocabulary vocabulary(std::move(sorted), std::vector<std::int64_t>(terms.size(), 0));
  std::vector<std::vector<std::int32_t>> words;
  for (const Topic& topic : model.topics().topics) {
    if (topic.id < 0) continue;
    words.emplace_back();
    for (const TopicWord& word : topic.words) words.back().push_back(vocabulary.find(word.term));
  }
  const std::size_t n = std::min(texts.size(), most_documents);
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back(narrow<std::int64_t>(i * texts.size() / n));
  const CountPlan& plan = model.description().counts.plan;
  TopicCoherence coherence;
  TG_TRY(const auto counts, count_documents(texts, rows, vocabulary, plan, run));
  TG_TRY(coherence.npmi, npmi_coherence(counts.view(), words, run));
  TG_TRY(const KnownTerms known, KnownTerms::build(vocabulary, plan, run));
  TG_TRY(const TermPlaces places, find_term_places(texts, rows, known, run));
  TG_TRY(coherence.cv, cv_coherence(places, words, vocabulary.size(), run));
  return coherence;
}

std::optional<double> mean_coherence(const std::vector<std::optional<double>>& coherence) {
  double sum = 0;
  int n = 0;
  for (const auto& value : coherence) {
    if (!value) continue;
    sum += *value;
    ++n;
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

}  // namespace topograph::cli
