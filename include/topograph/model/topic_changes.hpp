#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

/// Changes of a fitted model's topics, as new topics of its points for `TopicModel::regroup`.
using PointTopics = std::vector<std::int32_t>;

/// Topics of a group become one.
/// @error option subject: an unknown topic, -1, a group of fewer than two, a topic named twice.
/// @peer  BERTopic 0.17.4 `merge_topics`.
[[nodiscard]] Result<PointTopics> merge_topics(
    const TopicModel& model, const std::vector<std::vector<std::int32_t>>& groups);

/// The documents of the topics get topic -1.
/// @error option subject: an unknown topic, -1.
/// @peer  BERTopic 0.17.4 `delete_topics`, whose vectors go wrong when there are outliers.
[[nodiscard]] Result<PointTopics> delete_topics(const TopicModel& model,
                                                std::span<const std::int32_t> topics);

/// What topics are compared by.
enum class TopicView : std::uint8_t { vectors, words };
template <>
struct EnumNames<TopicView> {
  static constexpr std::array<std::string_view, 2> names{"vectors", "words"};
};

struct ReduceTopicsOptions {
  std::optional<int> n_topics = {};  ///< Unset: as many as lie apart (HDBSCAN on the topics).
  TopicView by = TopicView::vectors;
  bool counts_outliers = false;  ///< -1 is one of the `n_topics`, as BERTopic counts.
};

/// Similar topics become one, by average linkage of cosine distances, or by density.
/// @error option subject: more topics than there are, fewer than 1.
/// @peer  BERTopic 0.17.4 `reduce_topics` (with `counts_outliers`).
[[nodiscard]] Result<PointTopics> reduce_topics(const TopicModel& model,
                                                const ReduceTopicsOptions& options,
                                                RunContext& run);

struct SplitTopicOptions {
  std::optional<int> n_parts = {};  ///< Unset: Leiden communities of the topic's documents.
  /// Of the communities, on the scale of the fit: a topic of resolution 1 falls apart where a fit
  /// of the same documents with a larger one would cut it. Unset: that of the fit, doubled until
  /// the topic falls apart.
  std::optional<double> resolution = {};
};

/// The documents of one topic, clustered again by their vectors: spherical k-means for a number of
/// parts, else communities of their neighbour graph.
/// @error option subject: an unknown topic, -1, more parts than different documents, a topic that
///        does not fall apart; model subject: the model does not keep its vectors.
[[nodiscard]] Result<PointTopics> split_topic(const TopicModel& model, std::int32_t topic,
                                              const SplitTopicOptions& options, RunContext& run);

/// @error model subject, unsupported: the model has no term counts (see `TopicModel::has_counts`).
[[nodiscard]] Result<void> need_counts(const TopicModel& model);

/// Class TF-IDF of the topics, without -1: (topics, terms); no rows without counts.
[[nodiscard]] Csr<double> topic_weights(const TopicModel& model);

}  // namespace topograph
