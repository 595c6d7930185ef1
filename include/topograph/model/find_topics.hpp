#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

/// A topic and the cosine of its vector with a query's.
struct FoundTopic {
  std::int32_t topic = 0;
  double similarity = 0;
};

/// Topics by similarity to a query's vector, best first, without -1; ties: the smaller topic.
/// @error input subject: a vector of another dimension than the model's.
/// @peer  BERTopic 0.17.4 `find_topics`, which lists -1 among them.
[[nodiscard]] Result<std::vector<FoundTopic>> find_topics(const TopicModel& model,
                                                          std::span<const float> query,
                                                          std::size_t n);

}  // namespace topograph
