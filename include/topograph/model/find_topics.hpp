#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/topics/topic_distances.hpp"

namespace topograph {

/// Topics by similarity to a query's vector, best first, without -1; ties: the smaller topic.
/// @error input subject: a vector of another dimension than the model's.
[[nodiscard]] Result<std::vector<FoundTopic>> find_topics(const TopicModel& model,
                                                          std::span<const float> query,
                                                          std::size_t n);

}  // namespace topograph
