#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/options.hpp"

namespace topograph {

struct OpenedTopics {
  std::vector<std::int32_t> labels = {};  ///< Of the pool: -1, or dense by documents.
  std::vector<float> strength = {};       ///< Share of the nearest that are in the topic.
  std::int32_t n_topics = 0;
};

/// Topics among documents that belong to none: communities of their neighbour graph whose members
/// are each other's neighbours. Of the s - 1 nearest documents of a member (at most n_neighbors,
/// all documents counted) at least half must be members, in the mean over the s members; those at
/// the rim of known topics have their neighbours there, so they never become one. The resolution is
/// that of a fit of all documents: modularity compares with all edges, not with the pool's.
///
/// @param vectors  (n, d) of all documents.
/// @param pool     Rows of those without a topic, ascending.
/// @param weights  Copies of each of the pool.
/// @param resolution  Of the fit's communities; 1 for other methods.
/// @determinism    Bit-identical for any number of threads.
[[nodiscard]] Result<OpenedTopics> open_topics(MatrixView<const float> vectors,
                                               std::span<const std::size_t> pool,
                                               std::span<const std::int32_t> weights,
                                               const GraphOptions& graph, double resolution,
                                               int min_topic_size, RunContext& run);

}  // namespace topograph
