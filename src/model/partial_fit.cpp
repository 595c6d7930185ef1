// Everything is worked out beside the model, which changes at the very end or not at all.
#include "topograph/model/partial_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "model/far_documents.hpp"
#include "model/grow_counts.hpp"
#include "model/grow_layers.hpp"
#include "model/layouts.hpp"
#include "model/open_topics.hpp"
#include "model/place.hpp"
#include "model/regroup.hpp"
#include "model/steer.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// The different texts of a batch, and the points of the model that they are or become.
struct Batch {
  Points points = {};
  std::vector<std::int32_t> target = {};  ///< Point of the model, or beyond its last: a new one.
  std::vector<std::size_t> fresh = {};    ///< Those that become points.
};

Result<Batch> read_batch(const TopicModel::Data& data, const TextColumn& texts, RunContext& run) {
  Batch batch;
  const Duplicates duplicates = data.options.documents.duplicates;
  TG_TRY(batch.points, make_points(texts, duplicates, run));
  std::unordered_map<std::int64_t, std::int32_t> known;
  if (duplicates == Duplicates::fold) {
    for (std::size_t p = 0; p < data.points.size(); ++p) {
      known.try_emplace(data.points.keys[p], narrow<std::int32_t>(p));
    }
  }
  auto next = narrow<std::int32_t>(data.points.size());
  for (std::size_t b = 0; b < batch.points.size(); ++b) {
    const auto found = known.find(batch.points.keys[b]);
    batch.target.push_back(found != known.end() ? found->second : next++);
    if (found == known.end()) batch.fresh.push_back(b);
  }
  return batch;
}

Result<Matrix<float>> vectors_of(const TopicModel::Data& data, const Batch& batch,
                                 const Embedder* embedder, MatrixView<const float> ready,
                                 RunContext& run) {
  Matrix<float> vectors(batch.fresh.size(), data.dimension);
  if (batch.fresh.empty()) return vectors;
  if (ready.empty()) {
    const Stage stage(run, "embed", batch.fresh.size());
    TextColumn texts;
    for (const std::size_t b : batch.fresh) texts.push_back(batch.points.texts[b]);
    TG_TRY(embedder->embed(texts, vectors.view(), run));
  } else {
    for (std::size_t i = 0; i < batch.fresh.size(); ++i) {
      const auto row = idx(batch.points.first_row[batch.fresh[i]]);
      std::ranges::copy(ready.row(row), vectors.row(i).begin());
    }
  }
  TG_TRY(guide_new(data, vectors.view(), run));
  return vectors;
}

template <class T>
Matrix<T> stacked(const Matrix<T>& first, const Matrix<T>& second) {
  Matrix<T> all(first.rows() + second.rows(), std::max(first.cols(), second.cols()));
  std::copy_n(first.data(), first.size(), all.data());
  std::copy_n(second.data(), second.size(), all.data() + first.size());
  return all;
}

/// Where the new points are, by what the model knows.
struct Placed {
  KnnGraph neighbors = {};
  PredictedClusters found = {};
  std::vector<std::int32_t> clusters = {};  ///< As the method numbers them.
  std::vector<std::int32_t> names = {};
  Matrix<float> positions = {};
  Matrix<float> reduced = {};
};

Result<Placed> place(const TopicModel::Data& data, const Matrix<float>& vectors, RunContext& run) {
  Placed placed;
  placed.names.assign(vectors.rows(), -1);
  placed.positions = Matrix<float>(vectors.rows(), 2);
  placed.reduced = Matrix<float>(vectors.rows(), data.reduced.coords.cols());
  if (vectors.rows() == 0) return placed;
  const FitOptions& options = data.options;
  TG_TRY(placed.neighbors,
         nearest_points(data, vectors.view(), idx(options.neighbors.n_neighbors), run));
  TG_TRY(placed.found, predict_labels(data, placed.neighbors, vectors, run));
  TG_TRY(placed.names, match_new(data, vectors.view(), placed.found, run));
  placed.clusters = placed.found.labels;
  placed.found.memberships = {};
  follow_regrouping(data, vectors.view(), placed.found);
  TG_TRY(placed.positions,
         place_rows(data, map_request(options), data.map, vectors.view(), placed.neighbors, run));
  if (!data.reduced.coords.empty()) {
    TG_TRY(placed.reduced, place_rows(data, reduction_request(options), data.reduced,
                                      vectors.view(), placed.neighbors, run));
  }
  return placed;
}

/// The points of the model and the new ones, as they will be.
struct Grown {
  Points points = {};
  Matrix<float> embeddings = {};
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
  std::vector<std::uint8_t> is_waiting = {};
  std::int32_t n_topics = 0;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Grown joined(const TopicModel::Data& data, const Batch& batch, const Matrix<float>& vectors,
             const Placed& placed) {
  Grown grown;
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

/// Sets documents far from all topics aside, and opens topics among those that wait.
Result<std::int32_t> open(const TopicModel::Data& data, const OnlineOptions& options,
                          const Matrix<float>& vectors, const Placed& placed, Grown& grown,
                          RunContext& run) {
  const std::size_t n_old = data.points.size();
  if (keeps_its_clusters(data.options.cluster.method) && !has_matches(data)) return 0;
  const auto is_far = far_documents(data, vectors, placed.found.labels, options.far);
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    if (placed.names[i] >= 0) continue;
    std::int32_t& label = grown.labels[n_old + i];
    if (is_far[i] != 0) label = kNoise;
    if (label != kNoise) continue;
    grown.strength[n_old + i] = 0;
    grown.is_waiting[n_old + i] = 1;
  }
  std::vector<std::size_t> pool;
  std::vector<std::int32_t> weights;
  for (std::size_t p = 0; p < grown.labels.size(); ++p) {
    if (grown.labels[p] != kNoise) grown.is_waiting[p] = 0;
    if (grown.is_waiting[p] == 0) continue;
    pool.push_back(p);
    weights.push_back(grown.points.weights[p]);
  }
  const bool by_modularity = data.facts.resolution > 0 &&
                             data.options.communities.objective == CommunityObjective::modularity;
  const double resolution = by_modularity ? data.facts.resolution : 1.0;
  TG_TRY(const auto opened,
         open_topics(grown.embeddings.view(), pool, weights, data.options.neighbors, resolution,
                     options.min_topic_size, run));
  for (std::size_t i = 0; i < pool.size(); ++i) {
    if (opened.labels[i] < 0) continue;
    grown.labels[pool[i]] = grown.n_topics + opened.labels[i];
    grown.strength[pool[i]] = opened.strength[i];
    grown.is_waiting[pool[i]] = 0;
  }
  grown.n_topics += opened.n_topics;
  return opened.n_topics;
}

/// What the terms of every point count for after the batch; nothing when it is their copies.
std::vector<double> grown_weights(const TopicModel::Data& data, const Grown& grown,
                                  const OnlineOptions& options) {
  if (options.decay == 0 && data.term_weights.empty()) return {};
  std::vector<double> weights(grown.points.weights.begin(), grown.points.weights.end());
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const double copies = grown.points.weights[p] - data.points.weights[p];
    weights[p] = term_weight(data, p) * (1 - options.decay) + copies;
  }
  return weights;
}

/// The changes of the counts: documents come, and those that waited leave -1.
CountGrowth count_changes(const TopicModel::Data& data, const Batch& batch, const Grown& grown,
                          const TextColumn& documents, const OnlineOptions& options) {
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

/// Centers of clusters move with their new members, as a step of mini-batch k-means.
Result<Matrix<float>> moved_centers(const TopicModel::Data& data, const Matrix<float>& vectors,
                                    const Placed& placed, const Batch& batch,
                                    const OnlineOptions& options, RunContext& run) {
  Matrix<float> centers = data.cluster_centers;
  const FitOptions& fit = data.options;
  const bool is_moving =
      fit.cluster.method == ClusterMethod::kmeans || fit.cluster.method == ClusterMethod::minibatch;
  if (!is_moving || centers.empty() || vectors.rows() == 0) return centers;
  Matrix<float> rows = placed.reduced;
  if (!has_reduction(fit)) {
    rows = vectors;
    if (fit.neighbors.metric == Metric::cosine) {
      TG_TRY(rows, unit_rows(vectors.view(), run));
    }
  }
  const auto& clusters = data.cluster_labels.empty() ? data.clusters.labels : data.cluster_labels;
  std::vector<double> members(centers.rows(), 0.0);
  for (std::size_t p = 0; p < clusters.size(); ++p) {
    if (clusters[p] >= 0) members[idx(clusters[p])] += data.points.weights[p];
  }
  for (double& count : members) count *= 1 - options.decay;
  std::vector<double> sums(centers.size(), 0.0);
  std::vector<double> added(centers.rows(), 0.0);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (placed.clusters[i] < 0) continue;
    const std::size_t c = idx(placed.clusters[i]);
    const double copies = batch.points.weights[batch.fresh[i]];
    added[c] += copies;
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      sums[c * rows.cols() + j] += copies * static_cast<double>(rows[i, j]);
    }
  }
  const bool is_spherical =
      fit.cluster.method == ClusterMethod::kmeans ? fit.kmeans.spherical : fit.minibatch.spherical;
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    if (added[c] == 0) continue;
    for (std::size_t j = 0; j < centers.cols(); ++j) {
      centers[c, j] = static_cast<float>(
          (members[c] * static_cast<double>(centers[c, j]) + sums[c * rows.cols() + j]) /
          (members[c] + added[c]));
    }
  }
  if (is_spherical) return unit_rows(centers.view(), run);
  return centers;
}

void keep_labels(const TopicTable& before, TopicTable& after) {
  for (Topic& topic : after.topics) {
    const Topic* old = before.find(topic.id);
    if (topic.id < 0 || old == nullptr || !old->is_named) continue;
    topic.label = old->label;
    topic.is_named = true;
  }
}

PartialFit summary_of(const TopicModel::Data& data, const Batch& batch, const Grown& grown,
                      std::int32_t n_opened) {
  PartialFit done;
  done.n_documents = narrow<std::int64_t>(batch.points.of_document.size());
  done.n_empty = std::ranges::count(batch.points.of_document, -1);
  done.n_known = done.n_documents - done.n_empty - narrow<std::int64_t>(batch.fresh.size());
  for (std::size_t p = data.points.size(); p < grown.labels.size(); ++p) {
    done.n_joined += grown.labels[p] >= 0 && grown.labels[p] < data.clusters.n_clusters ? 1 : 0;
  }
  for (std::size_t p = 0; p < grown.labels.size(); ++p) {
    if (grown.is_waiting[p] != 0) done.n_waiting += grown.points.weights[p];
  }
  done.n_opened = n_opened;
  return done;
}

/// What is true of the documents of the fit only.
void forget_the_fit(TopicModel::Data& data, RunContext& run) {
  if (data.memberships.k() > 0) {
    run.warn("memberships in several topics were dropped: new documents have none");
    data.memberships = {};
    data.options.store.memberships = 0;
  }
  data.clusters.persistence.clear();
  data.linkage.reset();
  if (data.hdbscan) run.warn("the tree of HDBSCAN was dropped: it has no place for new documents");
  data.hdbscan.reset();
  data.is_core.clear();
  if (keeps_its_clusters(data.options.cluster.method)) return;
  data.cluster_centers = {};
  data.cluster_labels.clear();
}

Result<void> check_batch(const TopicModel::Data& data, const TextColumn& documents,
                         const TextColumn& batch, const Embedder* embedder,
                         MatrixView<const float> ready, const OnlineOptions& options) {
  TG_TRY(validate_options(options));
  if (data.embeddings.empty()) {
    return model_error(ErrorCode::unsupported, "model",
                       "it does not keep its vectors, and new documents are placed among them",
                       "fit it with --keep-embeddings true");
  }
  if (documents.size() != data.points.of_document.size()) {
    return input_error(ErrorCode::invalid_argument, "documents",
                       fmt::format("expected the {} documents of the model, found {}",
                                   data.points.of_document.size(), documents.size()));
  }
  if (batch.empty()) {
    return input_error(ErrorCode::invalid_argument, "input", "expected documents, found none");
  }
  if (!ready.empty() && ready.rows() != batch.size()) {
    return input_error(
        ErrorCode::invalid_argument, "embeddings",
        fmt::format("expected {} rows, one per document, found {}", batch.size(), ready.rows()));
  }
  if (ready.empty() && embedder == nullptr) {
    return option_error("embeddings", "new documents need vectors or the encoder of the fit");
  }
  const std::size_t found = ready.empty() ? embedder->dimension() : ready.cols();
  if (found != data.dimension) {
    return input_error(ErrorCode::invalid_argument, "embeddings",
                       fmt::format("expected vectors of {} dimensions as in the fit, found {}",
                                   data.dimension, found),
                       "use the model that the fit used");
  }
  return {};
}

}  // namespace

/// Words by the representations of the fit.
Result<void> TopicModel::represent_again(const TextColumn& documents, const TextColumn& batch,
                                         const Embedder* embedder, RunContext& run) {
  const FitOptions& options = data_->options;
  if (options.represent.main.empty() && options.represent.aspects.empty()) return {};
  if (embedder == nullptr) {
    run.warn("the words are those of the class TF-IDF: represent needs the encoder, not vectors");
    return {};
  }
  TextColumn all = documents;
  for (std::size_t i = 0; i < batch.size(); ++i) all.push_back(batch[i]);
  return represent(options.represent, {options.mmr, options.keybert, options.pos}, all, embedder,
                   run);
}

Result<PartialFit> TopicModel::partial_fit(const TextColumn& documents, const TextColumn& batch,
                                           const Embedder* embedder, MatrixView<const float> ready,
                                           const OnlineOptions& options, RunContext& run) {
  Data& data = *data_;
  if (embedder == nullptr) embedder = own_embedder();
  TG_TRY(check_batch(data, documents, batch, embedder, ready, options));
  TG_TRY(const Batch read, read_batch(data, batch, run));
  TG_TRY(const auto vectors, vectors_of(data, read, embedder, ready, run));
  Stage stage(run, "partial fit");
  TG_TRY(const Placed placed, place(data, vectors, run));
  Grown grown = joined(data, read, vectors, placed);
  TG_TRY(const std::int32_t n_opened, open(data, options, vectors, placed, grown, run));

  const CountGrowth growth = count_changes(data, read, grown, documents, options);
  TG_TRY(auto counted, grow_counts(data.description.counts, growth, options, run));
  TG_TRY(const auto weighting, seeded_weighting(data.options, counted.counts, false, run));
  TextColumn texts;
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    texts.push_back(documents[idx(data.points.first_row[p])]);
  }
  for (const std::size_t b : read.fresh) texts.push_back(read.points.texts[b]);
  TG_TRY(auto description, describe_counts(std::move(counted.counts), texts, grown.labels,
                                           grown.points.weights, grown.points.first_row,
                                           grown.n_topics, weighting, data.options.topics, run));
  keep_labels(data.description.table, description.table);
  TG_TRY(auto centers, moved_centers(data, vectors, placed, read, options, run));
  PartialFit done = summary_of(data, read, grown, n_opened);
  done.n_new_terms = counted.n_new_terms;
  done.n_dropped_terms = counted.n_dropped_terms;
  auto layers = grown_layers(data, placed.neighbors, grown.labels, grown.n_topics);

  // From here on nothing fails.
  data.term_weights = grown_weights(data, grown, options);
  if (!data.cluster_labels.empty()) append(data.cluster_labels, placed.clusters);
  data.cluster_centers = std::move(centers);
  data.batches.push_back(done.n_documents);
  forget_the_fit(data, run);
  data.points = std::move(grown.points);
  data.embeddings = std::move(grown.embeddings);
  data.search.index.reset();
  data.rest_search.index.reset();
  data.rest_search.points.clear();
  if (!data.matches.of_point.empty()) append(data.matches.of_point, placed.names);
  data.map.coords = stacked(data.map.coords, placed.positions);
  if (!data.reduced.coords.empty()) {
    data.reduced.coords = stacked(data.reduced.coords, placed.reduced);
  }
  data.clusters.labels = std::move(grown.labels);
  data.clusters.strength = std::move(grown.strength);
  data.clusters.n_clusters = grown.n_topics;
  data.is_waiting = std::move(grown.is_waiting);
  data.description = std::move(description);
  data.input_digest = text_digest({&documents, &batch});
  data.facts.n_documents += done.n_documents;
  data.facts.n_empty += done.n_empty;
  data.facts.n_duplicates += done.n_known;
  data.facts.n_topics = data.clusters.n_clusters;
  complete_outlier_topic(data);
  data.centroids = topic_centroids(data);
  fill_documents(data);
  data.facts.n_outliers = std::ranges::count(data.documents.topics, kNoise);
  data.point_layers = std::move(layers);
  show_grown_layers(data, n_opened);
  TG_TRY(represent_again(documents, batch, embedder, run));
  return done;
}

}  // namespace topograph
