#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

/// A document that could as well be in another topic.
struct BorderlineDocument {
  std::int64_t row = 0;     ///< Of the input; of folded duplicates the first.
  std::int32_t topic = 0;   ///< Its own.
  std::int32_t other = -1;  ///< The best of the others.
  /// How much better its own topic fits: difference of the probabilities where the model keeps
  /// memberships, else of the cosines with the topics' mean vectors; negative: the other one fits
  /// better.
  double margin = 0;
};

/// Of every topic the `n` documents with the least margin, least first; ties: the smaller row.
/// Topics ascend; documents without a topic have no margin.
///
/// @error  model subject: the model keeps neither memberships of two topics nor vectors, or has
///         fewer than two topics.
/// @determinism  Bit-identical for any number of threads. @cost  O(documents x topics x d).
[[nodiscard]] Result<std::vector<BorderlineDocument>> borderline_documents(const TopicModel& model,
                                                                           std::size_t n,
                                                                           RunContext& run);

}  // namespace topograph
