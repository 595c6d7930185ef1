#include "topograph/model/find_topics.hpp"

#include <fmt/format.h>

namespace topograph {

Result<std::vector<FoundTopic>> find_topics(const TopicModel& model, std::span<const float> query,
                                            std::size_t n) {
  if (query.size() != model.dimension()) {
    return input_error(ErrorCode::invalid_argument, "query",
                       fmt::format("expected a vector of {} dimensions, found {}",
                                   model.dimension(), query.size()),
                       "use the encoder that the fit used");
  }
  return topics_by_similarity(model.topic_vectors(), query, n);
}

}  // namespace topograph
