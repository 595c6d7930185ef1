// Everything is worked out beside the model, which changes at the very end or not at all.
#include "topograph/model/partial_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/grow/batch.hpp"
#include "model/grow/grow_counts.hpp"
#include "model/grow/grow_layers.hpp"
#include "model/grow/grow_memberships.hpp"
#include "model/grow/grown_points.hpp"
#include "model/grow/move_centers.hpp"
#include "model/grow/new_topics.hpp"
#include "model/grow/place_batch.hpp"
#include "model/represent_words.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Texts of the points of the model and of the new ones.
TextColumn texts_of_points(const TopicModel::Data& data, const TextColumn& documents,
                           const Batch& batch) {
  TextColumn texts;
  for (const std::int64_t row : data.points.first_row) texts.push_back(documents[idx(row)]);
  for (const std::size_t b : batch.fresh) texts.push_back(batch.points.texts[b]);
  return texts;
}

void keep_labels(const TopicTable& before, TopicTable& after) {
  for (Topic& topic : after.topics) {
    const Topic* old = before.find(topic.id);
    if (topic.id < 0 || old == nullptr || !old->is_named) continue;
    topic.label = old->label;
    topic.is_named = true;
  }
}

PartialFit summary_of(const TopicModel::Data& data, const Batch& batch, const GrownPoints& grown,
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

Result<PartialFit> TopicModel::partial_fit(const TextColumn& documents, const TextColumn& batch,
                                           const Embedder* embedder, MatrixView<const float> ready,
                                           const OnlineOptions& options, RunContext& run) {
  Data& data = *data_;
  if (embedder == nullptr) embedder = own_embedder();
  TG_TRY(check_batch(data, documents, batch, embedder, ready, options));
  TG_TRY(const Batch read, read_batch(data, batch, run));
  TG_TRY(const auto vectors, vectors_of(data, read, embedder, ready, run));
  Stage stage(run, "partial fit");
  TG_TRY(const PlacedBatch placed, place_batch(data, vectors, run));
  GrownPoints grown = grown_points(data, read, vectors, placed);
  TG_TRY(const std::int32_t n_opened, open_new_topics(data, options, placed, grown, run));

  const CountGrowth growth = count_changes(data, read, grown, documents, options);
  TG_TRY(auto counted, grow_counts(data.description.counts, growth, options, run));
  TG_TRY(const auto weighting, seeded_weighting(data.options, counted.counts, false, run));
  const TextColumn texts = texts_of_points(data, documents, read);
  TG_TRY(auto description, describe_counts(std::move(counted.counts), texts, grown.labels,
                                           grown.points.weights, grown.points.first_row,
                                           grown.n_topics, weighting, data.options.topics, run));
  keep_labels(data.description.table, description.table);
  TG_TRY(auto chains, write_words_again({texts, grown.labels, grown.embeddings.view(), embedder},
                                        data.options, description, run));
  TG_TRY(auto centers, moved_centers(data, vectors, placed, read, options, run));
  Memberships memberships = grown_memberships(data, placed, grown);
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
  data.memberships = std::move(memberships);
  data.options.represent = std::move(chains);
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
  return done;
}

}  // namespace topograph
