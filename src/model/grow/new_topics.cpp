#include "model/grow/new_topics.hpp"

#include <utility>

#include "model/grow/newcomers.hpp"
#include "model/grow/open_topics.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

double resolution_of(const TopicModel::Data& data) {
  const bool by_modularity = data.facts.resolution > 0 &&
                             data.options.communities.objective == CommunityObjective::modularity;
  return by_modularity ? data.facts.resolution : 1.0;
}

/// The new documents that are like no name, and those that wait.
std::vector<std::size_t> newcomer_points(const TopicModel::Data& data, const PlacedBatch& placed,
                                         const GrownPoints& grown) {
  const std::size_t n_old = data.points.size();
  std::vector<std::size_t> points;
  for (std::size_t p = 0; p < grown.labels.size(); ++p) {
    const bool is_new = p >= n_old && placed.names[p - n_old] < 0;
    if (is_new || (grown.is_waiting[p] != 0 && grown.labels[p] == kNoise)) points.push_back(p);
  }
  return points;
}

}  // namespace

Result<std::int32_t> open_new_topics(const TopicModel::Data& data, const OnlineOptions& options,
                                     const PlacedBatch& placed, GrownPoints& grown,
                                     RunContext& run) {
  const std::size_t n_old = data.points.size();
  if (keeps_its_clusters(data.options.cluster.method) && !has_matches(data)) return 0;
  const auto set_aside = [&](std::size_t p) {
    grown.labels[p] = kNoise;
    grown.strength[p] = 0;
    grown.is_waiting[p] = 1;
  };
  for (std::size_t p = n_old; p < grown.labels.size(); ++p) {
    if (grown.labels[p] == kNoise && placed.names[p - n_old] < 0) set_aside(p);
  }
  if (options.far <= 0) return 0;
  UsualDistances usual;
  TG_TRY(const Newcomers newcomers,
         find_newcomers(data, grown, newcomer_points(data, placed, grown), usual, run));
  const OpenTopicsOptions opening{.resolution = resolution_of(data),
                                  .n_all = grown.labels.size(),
                                  .chance = options.far,
                                  .min_topic_size = options.min_topic_size};
  TG_TRY(const OpenedTopics opened, open_topics(newcomers, opening, run));
  for (std::size_t i = 0; i < newcomers.size(); ++i) {
    const std::size_t p = newcomers.points[i];
    if (opened.labels[i] >= 0) {
      grown.labels[p] = grown.n_topics + opened.labels[i];
      grown.strength[p] = opened.strength[i];
      grown.is_waiting[p] = 0;
    } else if (newcomers.model_distances[i] > usual.beyond(options.far)) {
      set_aside(p);
    }
  }
  grown.n_topics += opened.n_topics;
  return opened.n_topics;
}

}  // namespace topograph
