#include "topograph/model/find_topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"

namespace topograph {

Result<std::vector<FoundTopic>> find_topics(const TopicModel& model, std::span<const float> query,
                                            std::size_t n) {
  const MatrixView<const float> vectors = model.topic_vectors();
  if (query.size() != model.dimension()) {
    return input_error(ErrorCode::invalid_argument, "query",
                       fmt::format("expected a vector of {} dimensions, found {}",
                                   model.dimension(), query.size()),
                       "use the encoder that the fit used");
  }
  double length = 0;
  for (const float v : query) length += static_cast<double>(v) * static_cast<double>(v);
  std::vector<FoundTopic> found;
  for (std::size_t t = 0; t < vectors.rows(); ++t) {
    double dot = 0;
    double own = 0;
    for (std::size_t j = 0; j < query.size(); ++j) {
      const auto v = static_cast<double>(vectors[t, j]);
      dot += v * static_cast<double>(query[j]);
      own += v * v;
    }
    const double norms = std::sqrt(own * length);
    found.push_back({narrow<std::int32_t>(t), norms > 0 ? dot / norms : 0.0});
  }
  std::ranges::stable_sort(
      found, [](const FoundTopic& a, const FoundTopic& b) { return a.similarity > b.similarity; });
  if (found.size() > n) found.resize(n);
  return found;
}

}  // namespace topograph
