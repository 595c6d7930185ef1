#pragma once

#include "model/grow/batch.hpp"
#include "model/grow/place_batch.hpp"
#include "model/model_data.hpp"
#include "topograph/model/partial_fit.hpp"

namespace topograph {

/// Centers of clusters move with their new members, as a step of mini-batch k-means; those of other
/// methods stay where they are.
[[nodiscard]] Result<Matrix<float>> moved_centers(const TopicModel::Data& data,
                                                  const Matrix<float>& vectors,
                                                  const PlacedBatch& placed, const Batch& batch,
                                                  const OnlineOptions& options, RunContext& run);

}  // namespace topograph
