#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "model/place.hpp"
#include "model/regroup.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using Labels = std::vector<std::int32_t>;

/// Topics that the members of each cluster have now; only -1 when most of them have none.
std::vector<Labels> topics_of_clusters(const TopicModel::Data& data) {
  std::vector<std::map<std::int32_t, std::int64_t>> votes(idx(number_of_clusters(data)));
  for (std::size_t p = 0; p < data.cluster_labels.size(); ++p) {
    const std::int32_t cluster = data.cluster_labels[p];
    if (cluster >= 0) votes[idx(cluster)][data.clusters.labels[p]] += data.points.weights[p];
  }
  std::vector<Labels> topics(votes.size());
  for (std::size_t c = 0; c < votes.size(); ++c) {
    std::int64_t all = 0;
    for (const auto& [topic, n] : votes[c]) all += n;
    const auto noise = votes[c].find(kNoise);
    const bool is_mostly_noise = noise != votes[c].end() && 2 * noise->second > all;
    for (const auto& [topic, n] : votes[c]) {
      if (is_mostly_noise ? topic == kNoise : topic != kNoise) topics[c].push_back(topic);
    }
  }
  return topics;
}

std::int32_t nearest_topic(const Labels& topics, std::span<const float> vector,
                           MatrixView<const float> centroids) {
  std::int32_t best = topics.empty() ? kNoise : topics.front();
  if (topics.size() < 2) return best;
  double largest = -2;
  for (const std::int32_t topic : topics) {
    double dot = 0;
    double length = 0;
    for (std::size_t j = 0; j < vector.size(); ++j) {
      const auto c = static_cast<double>(centroids[idx(topic), j]);
      dot += c * static_cast<double>(vector[j]);
      length += c * c;
    }
    const double cosine = length > 0 ? dot / std::sqrt(length) : -1;
    if (cosine > largest) {
      largest = cosine;
      best = topic;
    }
  }
  return best;
}

}  // namespace

void follow_regrouping(const TopicModel::Data& data, MatrixView<const float> vectors,
                       PredictedClusters& predicted) {
  if (data.cluster_labels.empty() || compares_with_topics(data)) return;
  const std::vector<Labels> topics = topics_of_clusters(data);
  for (std::size_t i = 0; i < predicted.labels.size(); ++i) {
    std::int32_t& label = predicted.labels[i];
    if (label >= 0)
      label = nearest_topic(topics[idx(label)], vectors.row(i), data.centroids.view());
  }
  if (predicted.memberships.k() == 0) return;
  Labels topic_of;
  for (const Labels& of_cluster : topics) {
    topic_of.push_back(of_cluster.empty() ? kNoise : of_cluster.front());
  }
  predicted.memberships =
      grouped_memberships(predicted.memberships, topic_of, idx(data.clusters.n_clusters),
                          data.memberships.k(), predicted.labels, data.options.hdbscan.compat);
}

}  // namespace topograph
