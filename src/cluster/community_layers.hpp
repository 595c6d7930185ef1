#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/community_graph.hpp"
#include "topograph/cluster/communities.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A partition of all vertices, its labels dense and ordered by size.
struct Partition {
  double resolution = 1;  ///< As the user counts it.
  std::vector<std::int32_t> labels = {};
  std::int32_t n_communities = 0;
};

/// Partitions around `base`, coarsest first, the base one among them: each is a refinement of the
/// one before it. Coarser ones (half, a quarter … of the resolution) come from Leiden on the graph
/// of communities, finer ones (twice, four times …) from Leiden inside each community. Partitions
/// equal to the base one or to their neighbour in the series are left out.
[[nodiscard]] Result<std::vector<Partition>> nested_partitions(
    const CommunityGraph& graph, std::span<const std::int32_t> documents, const Partition& base,
    const CommunitiesOptions& options, RunContext& run);

}  // namespace topograph::detail
