#include "model/grow/grown_points.hpp"

#include "topograph/core/narrow.hpp"

namespace topograph {

GrownPoints grown_points(const TopicModel::Data& data, const Batch& batch,
                         const Matrix<float>& vectors, const PlacedBatch& placed) {
  GrownPoints grown;
  grown.points = data.points;
  const auto n_before = narrow<std::int64_t>(data.points.of_document.size());
  for (const std::size_t b : batch.fresh) {
    grown.points.weights.push_back(0);
    grown.points.first_row.push_back(n_before + batch.points.first_row[b]);
    grown.points.keys.push_back(batch.points.keys[b]);
  }
  for (std::size_t b = 0; b < batch.points.size(); ++b) {
    grown.points.weights[idx(batch.target[b])] += batch.points.weights[b];
  }
  for (const std::int32_t b : batch.points.of_document) {
    grown.points.of_document.push_back(b < 0 ? -1 : batch.target[idx(b)]);
  }
  grown.embeddings = stacked(data.embeddings, vectors);
  grown.labels = data.clusters.labels;
  append(grown.labels, placed.found.labels);
  grown.strength = data.clusters.strength;
  append(grown.strength, placed.found.strength);
  grown.is_waiting = data.is_waiting;
  grown.is_waiting.resize(grown.labels.size(), 0);
  grown.n_topics = data.clusters.n_clusters;
  return grown;
}

std::vector<double> grown_weights(const TopicModel::Data& data, const GrownPoints& grown,
                                  const OnlineOptions& options) {
  if (options.decay == 0 && data.term_weights.empty()) return {};
  std::vector<double> weights(grown.points.weights.begin(), grown.points.weights.end());
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const double copies = grown.points.weights[p] - data.points.weights[p];
    weights[p] = term_weight(data, p) * (1 - options.decay) + copies;
  }
  return weights;
}

CountGrowth count_changes(const TopicModel::Data& data, const Batch& batch,
                          const GrownPoints& grown, const TextColumn& documents,
                          const OnlineOptions& options) {
  const bool has_outliers = std::ranges::find(grown.labels, kNoise) != grown.labels.end();
  const std::int32_t shift = has_outliers ? 1 : 0;
  CountGrowth growth;
  growth.n_rows = idx(grown.n_topics + shift);
  const bool had_outliers = data.description.has_outliers;
  for (std::size_t row = 0; row < data.description.counts.counts.rows(); ++row) {
    const std::int32_t label = narrow<std::int32_t>(row) - (had_outliers ? 1 : 0);
    growth.row_of_old.push_back(label + shift);  // -1 when no outliers are left: all moved.
  }
  growth.texts = batch.points.texts;
  for (std::size_t b = 0; b < batch.points.size(); ++b) {
    const std::int32_t label = grown.labels[idx(batch.target[b])];
    growth.changes.push_back({narrow<std::int64_t>(b), label + shift,
                              static_cast<double>(batch.points.weights[b]), true});
  }
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    if (data.clusters.labels[p] == grown.labels[p]) continue;
    const auto text = narrow<std::int64_t>(growth.texts.size());
    growth.texts.push_back(documents[idx(data.points.first_row[p])]);
    const double weight = term_weight(data, p) * (1 - options.decay);
    if (has_outliers) growth.changes.push_back({text, 0, -weight, false});
    growth.changes.push_back({text, grown.labels[p] + shift, weight, false});
  }
  return growth;
}

}  // namespace topograph
