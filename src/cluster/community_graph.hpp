#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/cluster/communities.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The neighbour graph as an objective sees it; borrows the edges of the fuzzy graph.
struct CommunityGraph {
  CsrView<float> edges = {};
  std::vector<float> values = {};  ///< In place of the borrowed ones where points have copies.
  std::vector<double> vertex_weights = {};
  double scale = 1;  ///< Turns a resolution as the user counts it into that of WeightedGraph.

  [[nodiscard]] WeightedGraph view() const {
    CsrView<float> own = edges;
    if (!values.empty()) own.values = values;
    return {own, vertex_weights};
  }
};

/// Weighs vertices for the objective. A point that stands for w documents counts as w vertices,
/// each of which brings its own row of the neighbour graph: the edge between points of u and w
/// documents weighs (u + w) / 2 times as much, which is what all edges between their copies weigh
/// together when each copy's half of a membership is spread evenly over the copies at the other
/// end.
///
/// @param documents  Documents per point; empty: 1 each.
/// @error            cancelled.
[[nodiscard]] Result<CommunityGraph> community_graph(CsrView<float> edges,
                                                     std::span<const std::int32_t> documents,
                                                     CommunityObjective objective, RunContext& run);

}  // namespace topograph::detail
