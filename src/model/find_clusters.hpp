#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Methods that are told how many clusters to make.
[[nodiscard]] bool has_number_of_clusters(ClusterMethod method);

/// Clusters of every method but communities, from `embeddings` or `reduced`.
/// @param given_labels  (n documents), for the method `given`.
[[nodiscard]] Result<void> find_clusters(TopicModel::Data& data,
                                         std::span<const std::int32_t> given_labels,
                                         RunContext& run);

struct PredictedClusters {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
  Memberships memberships = {};  ///< No columns unless the model has them.
};

/// Clusters of new rows of the method's input (vectors, or places in the reduced layout).
[[nodiscard]] Result<PredictedClusters> predict_clusters(const TopicModel::Data& data,
                                                         MatrixView<const float> rows,
                                                         RunContext& run);

/// True when vectors alone are enough to predict, without the training documents' own.
[[nodiscard]] bool remembers_vectors(const TopicModel::Data& data);

}  // namespace topograph
