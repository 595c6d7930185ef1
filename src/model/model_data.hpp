#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/points.hpp"
#include "topograph/cluster/communities.hpp"
#include "topograph/embed/tfidf.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {

/// A search index over the vectors of the model, built when it is first needed.
struct KeptIndex {
  std::mutex mutex = {};
  std::optional<NeighborIndex> index = {};
};

/// The same over the points that are in no topic because of its name.
struct RestIndex {
  std::mutex mutex = {};
  std::vector<std::size_t> points = {};
  Matrix<float> rows = {};
  std::optional<NeighborIndex> index = {};
};

/// Which documents are like the names of wanted topics (`options.zeroshot`).
struct NameMatches {
  Matrix<float> vectors = {};               ///< (names, dimension)
  std::vector<std::int32_t> of_point = {};  ///< Name of each point, -1: like none.
  std::vector<float> similarity = {};       ///< To the nearest name; of the fit only.
};

/// Places of the points, and what is needed to place new rows.
struct FittedLayout {
  Matrix<float> coords = {};  ///< (points, columns)
  CurveAb curve = {};         ///< Of umap.
  Pca axes = {};              ///< Of pca and svd, else without components.
};

/// Everything a fitted model holds. Arrays are per point unless their name says otherwise.
struct TopicModel::Data {
  FitOptions options = {};
  FitFacts facts = {};
  std::size_t dimension = 0;
  std::string input_digest = {};
  std::string input_json = "{}";
  std::vector<std::string> warnings = {};

  Points points = {};                      ///< `texts` is empty in a loaded model.
  Matrix<float> embeddings = {};           ///< (points, dimension), or empty.
  std::unique_ptr<TfidfModel> tfidf = {};  ///< When the fit made the vectors by itself.
  Matrix<float> seed_vectors = {};  ///< (seeds + 1, dimension), the mean last; guided fits only.
  NameMatches matches = {};
  Matrix<float> centroids = {};  ///< (topics, dimension), mean of unit vectors.
  /// (1, dimension) what new documents without a topic are like, where a program that compares
  /// them with topic -1 made the model; else empty.
  Matrix<float> outlier_vector = {};
  FittedLayout map = {};      ///< Of two columns; without rows: there is no map.
  FittedLayout reduced = {};  ///< When clusters were found in it, else without rows.
  Clustering clusters = {};
  std::optional<HdbscanResult> hdbscan = {};
  std::optional<Linkage> linkage = {};  ///< Of agglomerative clustering.
  Memberships memberships = {};         ///< No columns unless `store.memberships` asks for them.
  Matrix<float> cluster_centers = {};   ///< (topics, columns of the input): kmeans and its like.
  std::optional<GaussianMixture> mixture = {};
  std::vector<std::uint8_t> is_core = {};  ///< DBSCAN: dense points.
  ClusterNumber cluster_number = {};
  /// The clusters as the method made and predicts them, once the topics are others (see
  /// `regroup`); empty while the topics are the clusters.
  std::vector<std::int32_t> cluster_labels = {};
  std::vector<CommunityLayer> point_layers = {};
  std::vector<std::int64_t> batches = {};  ///< Documents of every partial fit, the first one first.
  /// After partial fits, per point: 1 for those that wait for others like them, and what its terms
  /// count for where earlier documents decay (empty: its copies).
  std::vector<std::uint8_t> is_waiting = {};
  std::vector<double> term_weights = {};
  TopicDescription description = {};

  mutable KeptIndex search = {};  ///< Over `embeddings`, which must not change afterwards.
  mutable RestIndex rest_search = {};

  // Derived for the reader; rebuilt on load.
  DocumentTopics documents = {};
  std::vector<TopicLayer> layers = {};
};

/// Copies one row of memberships; k must be equal.
void copy_memberships(const Memberships& from, std::size_t from_row, Memberships& to,
                      std::size_t to_row);

/// Mean of the members' unit vectors of every topic, weighted by copies; the direction is what
/// `transform` compares.
[[nodiscard]] Matrix<float> topic_centroids(const TopicModel::Data& data);

/// What the terms of a point count for.
[[nodiscard]] inline double term_weight(const TopicModel::Data& data, std::size_t point) {
  return data.term_weights.empty() ? static_cast<double>(data.points.weights[point])
                                   : data.term_weights[point];
}

/// Fills `documents` from the points.
void fill_documents(TopicModel::Data& data);

/// Reason of topic -1 for documents that are not blank.
[[nodiscard]] OutlierReason outlier_reason(const TopicModel::Data& data);

/// Names the clusters of every layer by their best words and fills `layers`; one step a layer.
[[nodiscard]] Result<void> name_layers(TopicModel::Data& data, Stage& stage, RunContext& run);

/// Outlier topic: counts the empty documents, names it.
void complete_outlier_topic(TopicModel::Data& data);

}  // namespace topograph
