#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_changes.hpp"

namespace topograph {

/// What decides where a document without a topic belongs.
enum class OutlierStrategy : std::uint8_t { distributions, words, vectors, probabilities };
template <>
struct EnumNames<OutlierStrategy> {
  static constexpr std::array<std::string_view, 4> names{"distributions", "c-tf-idf", "embeddings",
                                                         "probabilities"};
};

struct ReduceOutliersOptions {
  OutlierStrategy strategy = OutlierStrategy::distributions;
  double threshold = 0;  ///< Least similarity or probability for a move.
  /// Share of the documents (blank ones aside) that may stay without a topic: the surest moves are
  /// made until no more do. Unset: every move above the threshold.
  std::optional<double> share = {};
};

/// Gives documents without a topic the one they are most like; nothing else moves. For `regroup`
/// with TopicOrder::kept.
///
/// @param documents  All documents of the fit.
/// @error  option subject: no topics, no documents without one, out of range; model subject: what
///         the strategy needs (memberships, vectors) is not in the model.
/// @peer   BERTopic 0.17.4 `reduce_outliers`: the same assignment.
[[nodiscard]] Result<PointTopics> reduce_outliers(const TopicModel& model,
                                                  const TextColumn& documents,
                                                  const ReduceOutliersOptions& options,
                                                  RunContext& run);

}  // namespace topograph
