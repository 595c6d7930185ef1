#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Joins every community of fewer than `min_size` documents to the neighbouring community with the
/// most edge weight between them (ties: smaller label), smallest first, until no small community
/// has a neighbour. Labels must be dense 0..n_communities-1; the result keeps a subset of them.
/// `documents` may be empty: 1 a vertex.
[[nodiscard]] Result<std::vector<std::int32_t>> join_small_communities(
    const WeightedGraph& graph, std::span<const std::int32_t> documents, int min_size,
    std::vector<std::int32_t> labels, std::int32_t n_communities, RunContext& run);

/// Documents of every label 0..n_communities-1.
[[nodiscard]] std::vector<std::int64_t> documents_per_community(
    std::span<const std::int32_t> labels, std::span<const std::int32_t> documents,
    std::int32_t n_communities);

}  // namespace topograph::detail
