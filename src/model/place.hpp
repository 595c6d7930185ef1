#pragma once

#include <cstdint>
#include <vector>

#include "model/find_clusters.hpp"
#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// True when the nearest documents of the model decide about clusters or places of new ones.
[[nodiscard]] bool needs_neighbors(const TopicModel::Data& data);

/// True of models that BERTopic made: new documents get the topic whose vector is most similar, or
/// -1 when that of the outliers is.
[[nodiscard]] bool compares_with_topics(const TopicModel::Data& data);

/// Clusters of new vectors as the method, the votes of neighbours and the names know them, before
/// `follow_regrouping`.
/// @param neighbors  Of the vectors in the model; only read where `needs_neighbors`.
[[nodiscard]] Result<PredictedClusters> predict_labels(const TopicModel::Data& data,
                                                       const KnnGraph& neighbors,
                                                       const Matrix<float>& vectors,
                                                       RunContext& run);

}  // namespace topograph
