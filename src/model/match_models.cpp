#include "topograph/model/match_models.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "model/shared_terms.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"

namespace topograph {
namespace {

/// Topics in either model of the texts that both know.
struct SharedTopics {
  std::vector<std::int32_t> older = {};
  std::vector<std::int32_t> newer = {};
};

SharedTopics shared_topics(const TopicModel& older, const TopicModel& newer) {
  std::unordered_map<std::int64_t, std::size_t> point_of;
  const auto keys = newer.point_keys();
  for (std::size_t p = 0; p < keys.size(); ++p) point_of.try_emplace(keys[p], p);
  SharedTopics shared;
  for (std::size_t p = 0; p < older.point_keys().size(); ++p) {
    const auto found = point_of.find(older.point_keys()[p]);
    if (found == point_of.end()) continue;
    shared.older.push_back(older.point_labels()[p]);
    shared.newer.push_back(newer.point_labels()[found->second]);
  }
  return shared;
}

bool have_one_space(const TopicModel& a, const TopicModel& b) {
  return a.dimension() == b.dimension() && a.options().embed.model == b.options().embed.model &&
         a.own_embedder() == nullptr && b.own_embedder() == nullptr;
}

MatchBy chosen(MatchBy wanted, const TopicModel& older, const TopicModel& newer,
               std::size_t n_shared) {
  if (wanted != MatchBy::automatic) return wanted;
  if (n_shared > 0 && 2 * n_shared >= older.point_keys().size()) return MatchBy::documents;
  return have_one_space(older, newer) ? MatchBy::vectors : MatchBy::words;
}

Result<TopicAffinity> by_words(const TopicModel& older, const TopicModel& newer) {
  TG_TRY(need_counts(older));
  TG_TRY(need_counts(newer));
  const Csr<double> old_rows = topic_weights(older);
  const Csr<double> new_rows = topic_weights(newer);
  const SharedTerms terms = shared_terms(
      {&older.description().counts.vocabulary, &newer.description().counts.vocabulary});
  return affinity_by_words(with_columns(old_rows.view(), terms, 0).view(),
                           with_columns(new_rows.view(), terms, 1).view());
}

Result<TopicAffinity> affinity_of(MatchBy by, const TopicModel& older, const TopicModel& newer,
                                  const SharedTopics& shared) {
  switch (by) {
    case MatchBy::documents:
      if (shared.older.empty()) {
        return option_error("by", "the models share no documents",
                            "compare topics by vectors or words");
      }
      return affinity_by_documents(shared.older, shared.newer, older.topic_vectors().rows(),
                                   newer.topic_vectors().rows());
    case MatchBy::vectors:
      if (older.dimension() != newer.dimension()) {
        return option_error("by",
                            fmt::format("the models have vectors of {} and {} dimensions",
                                        older.dimension(), newer.dimension()),
                            "compare topics by words");
      }
      return affinity_by_vectors(older.topic_vectors(), newer.topic_vectors());
    default: break;
  }
  return by_words(older, newer);
}

}  // namespace

Result<ModelMatch> match_models(const TopicModel& older, const TopicModel& newer,
                                const MatchModelsOptions& options, RunContext& run) {
  const SharedTopics shared = shared_topics(older, newer);
  ModelMatch match{.by = chosen(options.by, older, newer, shared.older.size()),
                   .n_shared = narrow<std::int64_t>(shared.older.size())};
  TG_TRY(TopicAffinity affinity, affinity_of(match.by, older, newer, shared));
  if (options.min_similarity) {
    affinity.least_similarity = *options.min_similarity;
    if (match.by != MatchBy::documents) affinity.least_share = *options.min_similarity;
  }
  match.min_similarity = affinity.least_similarity;
  TG_TRY(match.matches, match_topics(affinity, run));
  return match;
}

}  // namespace topograph
