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
  double stability = 1;   ///< See CommunityLayer.
  std::vector<std::int32_t> labels = {};
  std::int32_t n_communities = 0;
};

/// Partitions around `base`, coarsest first, the base one among them: each is a refinement of the
/// one before it. Leiden inside each community finds the finest communities, which are then joined
/// pair by pair up to the base ones, and these further up (`merge_communities`). Layers are cuts of
/// the two sequences: one an octave of resolution, where the fewest documents change their topic.
/// Partitions equal to the base one or to their neighbour in the series are left out.
[[nodiscard]] Result<std::vector<Partition>> nested_partitions(
    const CommunityGraph& graph, std::span<const std::int32_t> documents, Partition base,
    const CommunitiesOptions& options, RunContext& run);

/// The resolution between 1/4 and 8 around which the fewest documents change their topic.
[[nodiscard]] Result<double> stable_resolution(const CommunityGraph& graph,
                                               std::span<const std::int32_t> documents,
                                               const CommunitiesOptions& options, RunContext& run);

}  // namespace topograph::detail
