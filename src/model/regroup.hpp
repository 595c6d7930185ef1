#pragma once

#include <cstdint>
#include <span>

#include "model/find_clusters.hpp"
#include "model/model_data.hpp"

namespace topograph {

/// Clusters that the method predicts: those of the fit, however the topics were changed since.
[[nodiscard]] std::int32_t number_of_clusters(const TopicModel::Data& data);

/// After the topics changed: the layer that was the topics (`old`) is the new ones; layers that no
/// longer nest with it are dropped.
void change_layers(TopicModel::Data& data, std::span<const std::int32_t> old);

/// Turns predicted clusters of new documents into topics, see `TopicModel::regroup`.
/// @param vectors  (n, d) embeddings of the documents.
void follow_regrouping(const TopicModel::Data& data, MatrixView<const float> vectors,
                       PredictedClusters& predicted);

/// Memberships in groups of clusters: those of cluster c go to `topic_of[c]`, or to noise (-1).
/// Rows agree with `labels` afterwards as `hdbscan_memberships` describes, unless `is_compat`.
[[nodiscard]] Memberships grouped_memberships(const Memberships& rows,
                                              std::span<const std::int32_t> topic_of,
                                              std::size_t n_topics, std::size_t k,
                                              std::span<const std::int32_t> labels, bool is_compat);

}  // namespace topograph
