#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Groups n topics into `n_groups` by average linkage of their distances; the group of each topic.
///
/// @param distances  Of all pairs, as `cosine_distances` gives them.
/// @error            option: n_groups is 0 or larger than the number of topics; cancelled.
/// @peer             BERTopic 0.17.4 `reduce_topics` with a number.
[[nodiscard]] Result<std::vector<std::int32_t>> group_topics(std::vector<double> distances,
                                                             std::size_t n, std::size_t n_groups,
                                                             RunContext& run);

/// Groups topics that lie densely together: HDBSCAN with min_cluster_size 2 on the unit rows of
/// `vectors` (topics, d). Every noise topic is a group of its own.
/// @peer BERTopic 0.17.4 `reduce_topics` with "auto".
[[nodiscard]] Result<std::vector<std::int32_t>> group_topics_by_density(
    MatrixView<const float> vectors, RunContext& run);

}  // namespace topograph
