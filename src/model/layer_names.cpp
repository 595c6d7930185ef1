#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "model/model_data.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kWordsPerName = 3;

std::string join_words(const std::vector<TopicWord>& words) {
  std::string name;
  for (const TopicWord& word : words) {
    if (!name.empty()) name += ", ";
    name += word.term;
  }
  return name;
}

/// Names by class TF-IDF over the clusters of one layer.
Result<std::vector<std::string>> names_of(const TopicModel::Data& data, const CommunityLayer& layer,
                                          RunContext& run) {
  TG_TRY(auto counts, count_terms(data.points.texts, layer.labels, idx(layer.n_clusters),
                                  data.points.weights, data.description.counts.plan, run));
  const auto idf = class_idf(counts.counts.view(), data.options.ctfidf);
  const auto weights = class_tfidf(counts.counts.view(), idf, data.options.ctfidf);
  std::vector<std::string> names;
  names.reserve(idx(layer.n_clusters));
  for (std::size_t row = 0; row < idx(layer.n_clusters); ++row) {
    names.push_back(join_words(top_words(weights.view(), row, counts.vocabulary, kWordsPerName)));
  }
  return names;
}

/// The base layer shows the topics' own labels, so that the map and the table agree.
std::vector<std::string> topic_labels(const TopicModel::Data& data) {
  std::vector<std::string> names(idx(data.clusters.n_clusters));
  for (const Topic& topic : data.description.table.topics) {
    if (topic.id >= 0) names[idx(topic.id)] = topic.label;
  }
  return names;
}

/// Cluster of `coarser` that holds most points of each cluster of `finer` (communities nest: all of
/// them; the resolutions of HDBSCAN need not), ties to the smaller id; -1: none holds any.
std::vector<std::int32_t> parents_of(const CommunityLayer& finer, const CommunityLayer& coarser) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> shared;
  for (std::size_t v = 0; v < finer.labels.size(); ++v) {
    if (finer.labels[v] >= 0 && coarser.labels[v] >= 0)
      ++shared[{finer.labels[v], coarser.labels[v]}];
  }
  std::vector<std::int32_t> parents(idx(finer.n_clusters), kNoise);
  std::vector<std::size_t> most(parents.size());
  for (const auto& [pair, n_points] : shared) {
    if (n_points <= most[idx(pair.first)]) continue;
    most[idx(pair.first)] = n_points;
    parents[idx(pair.first)] = pair.second;
  }
  return parents;
}

}  // namespace

Result<void> name_layers(TopicModel::Data& data, Stage& stage, RunContext& run) {
  data.layers.clear();
  for (std::size_t i = 0; i < data.point_layers.size(); ++i) {
    const CommunityLayer& layer = data.point_layers[i];
    TopicLayer named{.resolution = layer.resolution, .stability = layer.stability};
    if (i > 0) named.parents = parents_of(layer, data.point_layers[i - 1]);
    if (layer.labels == data.clusters.labels) {
      named.names = topic_labels(data);
    } else {
      TG_TRY(named.names, names_of(data, layer, run));
      // Topics of names are the first ones of every layer.
      for (const std::int32_t topic : topics_of_names(data)) {
        if (topic >= 0) named.names[idx(topic)] = topic_labels(data)[idx(topic)];
      }
    }
    named.labels.assign(data.points.of_document.size(), kNoise);
    for (std::size_t d = 0; d < named.labels.size(); ++d) {
      const std::int32_t point = data.points.of_document[d];
      if (point >= 0) named.labels[d] = layer.labels[idx(point)];
    }
    data.layers.push_back(std::move(named));
    stage.advance();
  }
  return {};
}

}  // namespace topograph
