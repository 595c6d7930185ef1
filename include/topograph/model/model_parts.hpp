#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

/// Why a document has topic -1. `far`: it came with a partial fit and waits for others like it.
enum class OutlierReason : std::uint8_t { none, empty, noise, weak, far };
[[nodiscard]] std::string_view to_string(OutlierReason reason);

/// Topic of every document of an input, in input order. Documents without a place on the map
/// (empty ones) have `is_placed` 0 and position (0, 0).
struct DocumentTopics {
  std::vector<std::int32_t> topics = {};
  std::vector<float> probabilities = {};  ///< Not a number: another program made the topic.
  Matrix<float> positions = {};           ///< (n, 2)
  std::vector<std::uint8_t> is_placed = {};
  std::vector<OutlierReason> reasons = {};
  /// Likeliest topics where `store.memberships` asks for them, else no columns. Documents without
  /// text are noise. A model without its vectors has none for new documents.
  Memberships memberships = {};
};

/// How `regroup` numbers topics: by size, or as given (dense numbers).
enum class TopicOrder : std::uint8_t { by_size, kept };

/// A partition for one zoom level, as document labels (-1: none) and a name per cluster; clusters
/// are numbered by documents, the largest first. Layers come coarsest first; those of communities
/// nest.
struct TopicLayer {
  /// Of Leiden; for HDBSCAN the topics' min_cluster_size / the layer's. Larger is finer.
  double resolution = 1;
  double stability = 1;  ///< See CommunityLayer.
  /// Cluster of the layer before that holds (most of) each cluster, -1: none; empty in the
  /// coarsest.
  std::vector<std::int32_t> parents = {};
  std::vector<std::int32_t> labels = {};
  std::vector<std::string> names = {};
};

/// How the number of clusters was chosen; an empty curve: it was given.
struct ClusterNumber {
  struct Tried {
    std::int32_t n_clusters = 0;
    double score = 0;
  };
  std::string criterion = {};  ///< silhouette (higher is better) or bic (lower is better).
  std::vector<Tried> curve = {};
  std::int32_t chosen = 0;
};

/// Counts of a fit, for the summary and the manifest.
struct FitFacts {
  std::uint64_t seed = 0;
  std::int64_t n_documents = 0;
  std::int64_t n_empty = 0;
  std::int64_t n_duplicates = 0;  ///< Documents folded into an earlier identical one.
  std::int64_t n_topics = 0;      ///< Without topic -1.
  std::int64_t n_outliers = 0;    ///< Documents in topic -1, empty ones included.
  std::int64_t n_tokens = 0;
  std::int64_t n_truncated = 0;
  std::string precision = {};         ///< What the encoder computed in; empty: there was none.
  double quality = 0;                 ///< Modularity, communities only.
  double resolution = 0;              ///< The option, or what auto found; communities only.
  std::string neighbors = {};         ///< exact or approximate.
  std::string neighbor_storage = {};  ///< How the approximate search kept rows.
  /// Share of true neighbours that the approximate search found on a sample; 0: not measured.
  double neighbor_recall = 0;
};

}  // namespace topograph
