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
  Matrix<float> centroids = {};            ///< (topics, dimension), mean of unit vectors.
  FittedLayout map = {};                   ///< Of two columns.
  FittedLayout reduced = {};               ///< When clusters were found in it, else without rows.
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
  TopicDescription description = {};

  mutable KeptIndex search = {};  ///< Over `embeddings`, which must not change afterwards.

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

/// Fills `documents` from the points.
void fill_documents(TopicModel::Data& data);

/// Reason of topic -1 for documents that are not blank.
[[nodiscard]] OutlierReason outlier_reason(const TopicModel::Data& data);

/// Names the clusters of every layer by their best words and fills `layers`; one step a layer.
[[nodiscard]] Result<void> name_layers(TopicModel::Data& data, Stage& stage, RunContext& run);

/// Outlier topic: counts the empty documents, names it.
void complete_outlier_topic(TopicModel::Data& data);

}  // namespace topograph
