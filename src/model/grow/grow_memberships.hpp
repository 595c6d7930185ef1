#pragma once

#include "model/grow/grown_points.hpp"
#include "model/grow/place_batch.hpp"
#include "model/model_data.hpp"

namespace topograph {

/// Memberships of the points of the model and the new ones behind them; none where the model keeps
/// none. New points have those that `transform` gives them. A point of a topic that opens belongs
/// to it as far as its nearest documents do (its strength), and the rest of it where it belonged
/// before; rows agree with the labels as `hdbscan_memberships` describes.
[[nodiscard]] Memberships grown_memberships(const TopicModel::Data& data, const PlacedBatch& placed,
                                            const GrownPoints& grown);

}  // namespace topograph
