#include "model/grow/grow_layers.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Cluster of the layer that holds most points of every topic.
std::vector<std::int32_t> main_clusters(const TopicModel::Data& data, const CommunityLayer& layer) {
  std::vector<std::map<std::int32_t, std::size_t>> votes(idx(data.clusters.n_clusters));
  for (std::size_t p = 0; p < layer.labels.size(); ++p) {
    const std::int32_t topic = data.clusters.labels[p];
    if (topic >= 0) ++votes[idx(topic)][layer.labels[p]];
  }
  std::vector<std::int32_t> clusters;
  for (const auto& of_topic : votes) {
    std::int32_t best = kNoise;
    std::size_t most = 0;
    for (const auto& [cluster, n] : of_topic) {
      if (n > most) best = cluster;
      most = std::max(most, n);
    }
    clusters.push_back(best);
  }
  return clusters;
}

}  // namespace

std::vector<CommunityLayer> grown_layers(const TopicModel::Data& data, const KnnGraph& neighbors,
                                         const std::vector<std::int32_t>& labels,
                                         std::int32_t n_topics) {
  const std::size_t n_old = data.points.size();
  const std::int32_t n_old_topics = data.clusters.n_clusters;
  std::vector<CommunityLayer> layers = data.point_layers;
  for (CommunityLayer& layer : layers) {
    if (layer.labels == data.clusters.labels) {
      layer.labels = labels;
      layer.n_clusters = n_topics;
      continue;
    }
    const std::vector<std::int32_t> main = main_clusters(data, layer);
    layer.labels.resize(labels.size(), kNoise);
    for (std::size_t p = 0; p < labels.size(); ++p) {
      const std::int32_t topic = labels[p];
      if (topic >= n_old_topics) {
        layer.labels[p] = layer.n_clusters + (topic - n_old_topics);
      } else if (p >= n_old && topic >= 0) {
        layer.labels[p] = main[idx(topic)];
        for (const std::int32_t near : neighbors.ids.row(p - n_old)) {
          if (data.clusters.labels[idx(near)] != topic) continue;
          layer.labels[p] = layer.labels[idx(near)];
          break;
        }
      }
    }
    layer.n_clusters += n_topics - n_old_topics;
  }
  return layers;
}

void show_grown_layers(TopicModel::Data& data, std::int32_t n_opened) {
  for (std::size_t i = 0; i < data.layers.size(); ++i) {
    const CommunityLayer& layer = data.point_layers[i];
    TopicLayer& shown = data.layers[i];
    const bool is_base = layer.labels == data.clusters.labels;
    shown.names.resize(idx(layer.n_clusters));
    for (const Topic& topic : data.description.table.topics) {
      const std::int32_t first_new = data.clusters.n_clusters - n_opened;
      if (topic.id < 0 || (!is_base && topic.id < first_new)) continue;
      const std::int32_t place =
          is_base ? topic.id : layer.n_clusters - n_opened + topic.id - first_new;
      shown.names[idx(place)] = topic.label;
    }
    if (i > 0) {
      for (std::int32_t t = 0; t < n_opened; ++t) {
        shown.parents.push_back(data.point_layers[i - 1].n_clusters - n_opened + t);
      }
    }
    shown.labels.assign(data.points.of_document.size(), kNoise);
    for (std::size_t d = 0; d < shown.labels.size(); ++d) {
      const std::int32_t point = data.points.of_document[d];
      if (point >= 0) shown.labels[d] = layer.labels[idx(point)];
    }
  }
}

}  // namespace topograph
