#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "model/regroup.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Cluster of `coarser` that holds each cluster of `finer`; nothing when one is in several or none.
std::optional<std::vector<std::int32_t>> parents_if_nested(const CommunityLayer& finer,
                                                           const CommunityLayer& coarser) {
  std::vector<std::int32_t> parents(idx(finer.n_clusters), kNoise);
  for (std::size_t p = 0; p < finer.labels.size(); ++p) {
    if (finer.labels[p] < 0 || coarser.labels[p] < 0) continue;
    std::int32_t& parent = parents[idx(finer.labels[p])];
    if (parent >= 0 && parent != coarser.labels[p]) return {};
    parent = coarser.labels[p];
  }
  if (std::ranges::find(parents, kNoise) != parents.end()) return {};
  return parents;
}

void become_topics(const TopicModel::Data& data, CommunityLayer& layer, TopicLayer& shown) {
  layer.labels = data.clusters.labels;
  layer.n_clusters = data.clusters.n_clusters;
  shown.labels = data.documents.topics;
  shown.names.assign(idx(layer.n_clusters), "");
  for (const Topic& topic : data.description.table.topics) {
    if (topic.id >= 0) shown.names[idx(topic.id)] = topic.label;
  }
}

}  // namespace

void change_layers(TopicModel::Data& data, std::span<const std::int32_t> old) {
  std::vector<CommunityLayer>& layers = data.point_layers;
  const auto base = std::ranges::find_if(
      layers, [&](const CommunityLayer& layer) { return std::ranges::equal(layer.labels, old); });
  if (base == layers.end()) return;
  const auto base_at = idx(base - layers.begin());
  become_topics(data, layers[base_at], data.layers[base_at]);
  std::vector<CommunityLayer> kept;
  std::vector<TopicLayer> shown;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::vector<std::int32_t> parents;
    const bool is_coarser = i < base_at;
    if (is_coarser && !parents_if_nested(layers[base_at], layers[i])) continue;
    if (i > base_at && !parents_if_nested(layers[i], layers[base_at])) continue;
    if (!kept.empty()) {
      auto found = parents_if_nested(layers[i], kept.back());
      if (!found) continue;
      parents = *std::move(found);
    }
    kept.push_back(std::move(layers[i]));
    shown.push_back(std::move(data.layers[i]));
    shown.back().parents = std::move(parents);
    // What follows is compared with the topics, wherever they are now.
    if (i == base_at) layers[base_at] = kept.back();
  }
  layers = std::move(kept);
  data.layers = std::move(shown);
}

}  // namespace topograph
