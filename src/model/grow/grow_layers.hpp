#pragma once

#include <cstdint>
#include <vector>

#include "model/model_data.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The layers with the points of a batch: each goes where the nearest earlier document of its topic
/// is; a new topic is a cluster of its own in every layer, after the others.
/// @param neighbors  Of the new points among the earlier ones.
/// @param labels     Topics of all points after the batch, n_topics of them.
[[nodiscard]] std::vector<CommunityLayer> grown_layers(const TopicModel::Data& data,
                                                       const KnnGraph& neighbors,
                                                       const std::vector<std::int32_t>& labels,
                                                       std::int32_t n_topics);

/// Makes `layers` what `point_layers` and the topics are now. @param n_opened  New topics.
void show_grown_layers(TopicModel::Data& data, std::int32_t n_opened);

}  // namespace topograph
