#pragma once

#include <cstdint>

#include "model/grow/grown_points.hpp"
#include "model/grow/place_batch.hpp"
#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/partial_fit.hpp"

namespace topograph {

/// Opens topics among the new documents and those that wait; who is far from every document and
/// opens none waits. Methods with a fixed number of clusters open none.
/// @return The number of new topics, whose numbers follow those of the model.
[[nodiscard]] Result<std::int32_t> open_new_topics(const TopicModel::Data& data,
                                                   const OnlineOptions& options,
                                                   const PlacedBatch& placed, GrownPoints& grown,
                                                   RunContext& run);

}  // namespace topograph
