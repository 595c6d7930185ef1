#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/topics/match_topics.hpp"

namespace topograph {

/// What topics of two models are compared by; automatic: documents when the new model has at least
/// half of the old one's, else vectors of one encoder, else words.
enum class MatchBy : std::uint8_t { automatic, documents, vectors, words };
template <>
struct EnumNames<MatchBy> {
  static constexpr std::array<std::string_view, 4> names{"auto", "documents", "vectors", "words"};
};

struct MatchModelsOptions {
  MatchBy by = MatchBy::automatic;
  std::optional<double> min_similarity = {};  ///< Unset: that of the comparison.
};

struct ModelMatch {
  MatchBy by = MatchBy::documents;  ///< What decided.
  std::int64_t n_shared = 0;        ///< Different texts that both models know.
  double min_similarity = 0;        ///< That decided.
  std::vector<TopicMatch> matches = {};
};

/// What became of the topics of one model in another.
/// @error option subject: the two cannot be compared that way (no shared documents, vectors of
///        different length); model subject: no term counts; cancelled.
[[nodiscard]] Result<ModelMatch> match_models(const TopicModel& older, const TopicModel& newer,
                                              const MatchModelsOptions& options, RunContext& run);

}  // namespace topograph
