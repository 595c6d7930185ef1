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

/// Clusters of new vectors as the method, the votes of neighbours and the names know them, before
/// `follow_regrouping`.
/// @param neighbors  Of the vectors in the model; only read where `needs_neighbors`.
[[nodiscard]] Result<PredictedClusters> predict_labels(const TopicModel::Data& data,
                                                       const KnnGraph& neighbors,
                                                       const Matrix<float>& vectors,
                                                       RunContext& run);

}  // namespace topograph
