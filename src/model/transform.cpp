#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "model/find_clusters.hpp"
#include "model/layouts.hpp"
#include "model/model_data.hpp"
#include "model/place.hpp"
#include "model/regroup.hpp"
#include "model/steer.hpp"
#include "topograph/cluster/community_memberships.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

/// The documents that need work: not blank, and not identical to one of the fit.
struct NewDocuments {
  std::vector<std::int64_t> rows = {};
  TextColumn texts = {};
};

void set_outlier(DocumentTopics& out, std::size_t row, OutlierReason reason) {
  out.topics[row] = kNoise;
  out.reasons[row] = reason;
}

void set_position(const Matrix<float>& positions, std::size_t from, DocumentTopics& out,
                  std::size_t row) {
  out.positions[row, 0] = positions[from, 0];
  out.positions[row, 1] = positions[from, 1];
  out.is_placed[row] = 1;
}

void copy_point(const TopicModel::Data& data, std::size_t point, DocumentTopics& out,
                std::size_t row) {
  out.topics[row] = data.clusters.labels[point];
  out.probabilities[row] = data.clusters.strength[point];
  if (!data.map.coords.empty()) set_position(data.map.coords, point, out, row);
  out.reasons[row] = out.topics[row] == kNoise ? outlier_reason(data) : OutlierReason::none;
  if (out.memberships.k() > 0) copy_memberships(data.memberships, point, out.memberships, row);
}

/// Settles blank documents and those whose text is known, and lists the others.
NewDocuments split_known(const TopicModel::Data& data, const TextColumn& texts,
                         DocumentTopics& out) {
  std::unordered_map<std::int64_t, std::size_t> point_of_key;
  point_of_key.reserve(data.points.size());
  for (std::size_t p = 0; p < data.points.keys.size(); ++p)
    point_of_key.try_emplace(data.points.keys[p], p);
  NewDocuments fresh;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (is_blank(texts[i])) {
      set_outlier(out, i, OutlierReason::empty);
    } else if (const auto found = point_of_key.find(text_key(texts[i]));
               found != point_of_key.end()) {
      copy_point(data, found->second, out, i);
    } else {
      fresh.rows.push_back(narrow<std::int64_t>(i));
      fresh.texts.push_back(texts[i]);
    }
  }
  return fresh;
}

Result<Matrix<float>> embed_new(const NewDocuments& fresh, const Embedder* embedder,
                                MatrixView<const float> ready, std::size_t dimension,
                                RunContext& run) {
  Matrix<float> vectors(fresh.rows.size(), dimension);
  if (!ready.empty()) {
    for (std::size_t i = 0; i < fresh.rows.size(); ++i) {
      std::ranges::copy(ready.row(idx(fresh.rows[i])), vectors.row(i).begin());
    }
    return vectors;
  }
  TG_EXPECTS(embedder != nullptr);
  const Stage stage(run, "embed", fresh.rows.size());
  TG_TRY(embedder->embed(fresh.texts, vectors.view(), run));
  return vectors;
}

double squared_norm(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

double cosine(std::span<const float> a, double squared_a, std::span<const float> b) {
  double dot = 0;
  for (std::size_t j = 0; j < a.size(); ++j)
    dot += static_cast<double>(a[j]) * static_cast<double>(b[j]);
  const double lengths = squared_a * squared_norm(b);
  return lengths > 0 ? dot / std::sqrt(lengths) : 0;
}

/// The topic (or, where there is one, the vector of outliers) with the largest cosine, ties to the
/// smaller id.
PredictedClusters most_similar_topics(const TopicModel::Data& data, const Matrix<float>& vectors) {
  PredictedClusters found{std::vector<std::int32_t>(vectors.rows(), kNoise),
                          std::vector<float>(vectors.rows(), 0.0F),
                          {}};
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const auto vector = vectors.view().row(i);
    const double norm = squared_norm(vector);
    double best = -2;
    if (!data.outlier_vector.empty())
      best = cosine(vector, norm, data.outlier_vector.view().row(0));
    for (std::size_t t = 0; t < data.centroids.rows(); ++t) {
      const double similarity = cosine(vector, norm, data.centroids.view().row(t));
      if (similarity <= best) continue;
      best = similarity;
      found.labels[i] = narrow<std::int32_t>(t);
    }
    found.strength[i] = static_cast<float>(std::clamp(best, 0.0, 1.0));
  }
  return found;
}

/// Without stored vectors: the most similar topic, unless a document is like a name; no place on
/// the map.
Result<void> nearest_centroid(const TopicModel::Data& data, const Matrix<float>& vectors,
                              const NewDocuments& fresh, DocumentTopics& out, RunContext& run) {
  PredictedClusters found = most_similar_topics(data, vectors);
  TG_TRY(match_new(data, vectors.view(), found, run));
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const std::size_t row = idx(fresh.rows[i]);
    out.topics[row] = found.labels[i];
    out.probabilities[row] = found.strength[i];
    out.reasons[row] = found.labels[i] == kNoise ? outlier_reason(data) : OutlierReason::none;
  }
  return {};
}

/// Without stored vectors, a method that remembers clusters of vectors still knows the topic, and a
/// projection the place.
Result<void> predict_alone(const TopicModel::Data& data, const Matrix<float>& vectors,
                           const NewDocuments& fresh, DocumentTopics& out, RunContext& run) {
  const Stage stage(run, "predict");
  TG_TRY(PredictedClusters found, predict_labels(data, {}, vectors, run));
  follow_regrouping(data, vectors.view(), found);
  Matrix<float> positions;
  if (!places_by_neighbors(data.options.map.method)) {
    TG_TRY(positions,
           place_rows(data, map_request(data.options), data.map, vectors.view(), {}, run));
  }
  for (std::size_t i = 0; i < fresh.rows.size(); ++i) {
    const std::size_t row = idx(fresh.rows[i]);
    out.topics[row] = found.labels[i];
    out.probabilities[row] = found.strength[i];
    out.reasons[row] = found.labels[i] == kNoise ? outlier_reason(data) : OutlierReason::none;
    if (!positions.empty()) set_position(positions, i, out, row);
  }
  return {};
}

Result<void> place_by_neighbors(const TopicModel::Data& data, const Matrix<float>& vectors,
                                const NewDocuments& fresh, DocumentTopics& out, RunContext& run) {
  const Stage stage(run, "predict");
  KnnGraph neighbors;
  if (needs_neighbors(data)) {
    TG_TRY(neighbors,
           nearest_points(data, vectors.view(), idx(data.options.neighbors.n_neighbors), run));
  }
  TG_TRY(PredictedClusters found, predict_labels(data, neighbors, vectors, run));
  follow_regrouping(data, vectors.view(), found);
  Matrix<float> positions;
  if (!data.map.coords.empty()) {
    TG_TRY(positions,
           place_rows(data, map_request(data.options), data.map, vectors.view(), neighbors, run));
  }
  for (std::size_t i = 0; i < fresh.rows.size(); ++i) {
    const std::size_t row = idx(fresh.rows[i]);
    out.topics[row] = found.labels[i];
    out.probabilities[row] = found.strength[i];
    if (!positions.empty()) set_position(positions, i, out, row);
    if (out.memberships.k() > 0) copy_memberships(found.memberships, i, out.memberships, row);
    out.reasons[row] = found.labels[i] == kNoise ? outlier_reason(data) : OutlierReason::none;
  }
  return {};
}

}  // namespace

bool compares_with_topics(const TopicModel::Data& data) {
  return data.options.cluster.method == ClusterMethod::given && data.cluster_centers.empty() &&
         !data.centroids.empty() && !places_by_votes(data);
}

bool needs_neighbors(const TopicModel::Data& data) {
  return needs_graph(data.options) || places_by_votes(data);
}

Result<PredictedClusters> predict_labels(const TopicModel::Data& data, const KnnGraph& neighbors,
                                         const Matrix<float>& vectors, RunContext& run) {
  if (places_by_votes(data)) {
    TG_TRY(auto clusters, predict_by_votes(data, vectors.view(), neighbors, run));
    TG_TRY(match_new(data, vectors.view(), clusters, run));
    if (data.memberships.k() > 0) {
      TG_TRY(clusters.memberships,
             predict_community_memberships(neighbors, data.clusters.labels, data.memberships,
                                           clusters.labels, data.clusters.n_clusters, run));
    }
    return clusters;
  }
  if (compares_with_topics(data)) return most_similar_topics(data, vectors);
  if (!has_reduction(data.options)) return predict_clusters(data, vectors.view(), run);
  TG_TRY(const auto rows, place_rows(data, reduction_request(data.options), data.reduced,
                                     vectors.view(), neighbors, run));
  return predict_clusters(data, rows.view(), run);
}

Result<DocumentTopics> TopicModel::transform(const TextColumn& texts, const Embedder* embedder,
                                             MatrixView<const float> embeddings,
                                             RunContext& run) const {
  if (embedder == nullptr) embedder = own_embedder();
  const std::size_t found = embeddings.empty() ? embedder->dimension() : embeddings.cols();
  if (found != data_->dimension) {
    return input_error(ErrorCode::invalid_argument, "embeddings",
                       fmt::format("expected vectors of {} dimensions as in the fit, found {}",
                                   data_->dimension, found),
                       "use the model that the fit used");
  }
  if (!embeddings.empty() && embeddings.rows() != texts.size()) {
    return input_error(ErrorCode::invalid_argument, "embeddings",
                       fmt::format("expected {} rows, one per document, found {}", texts.size(),
                                   embeddings.rows()));
  }
  DocumentTopics out;
  out.topics.assign(texts.size(), kNoise);
  out.probabilities.assign(texts.size(), 0.0F);
  out.positions = Matrix<float>(texts.size(), 2);
  out.is_placed.assign(texts.size(), 0);
  out.reasons.assign(texts.size(), OutlierReason::none);
  if (has_embeddings() && data_->memberships.k() > 0) {
    out.memberships = noise_memberships(texts.size(), data_->memberships.k());
  }
  const NewDocuments fresh = split_known(*data_, texts, out);
  if (fresh.rows.empty()) return out;
  TG_TRY(auto vectors, embed_new(fresh, embedder, embeddings, data_->dimension, run));
  TG_TRY(guide_new(*data_, vectors.view(), run));
  if (has_embeddings()) {
    TG_TRY(place_by_neighbors(*data_, vectors, fresh, out, run));
  } else if (remembers_vectors(*data_)) {
    TG_TRY(predict_alone(*data_, vectors, fresh, out, run));
  } else {
    TG_TRY(nearest_centroid(*data_, vectors, fresh, out, run));
  }
  return out;
}

}  // namespace topograph
