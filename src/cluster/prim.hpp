#pragma once

#include <span>
#include <vector>

#include "cluster/kd_tree.hpp"
#include "cluster/tree_edge.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The tree of `boruvka` by Prim's algorithm: O(n^2 d) whatever the data, better where boxes of a
/// k-d tree no longer separate points.
[[nodiscard]] Result<std::vector<TreeEdge>> prim(const KdTree& tree, std::span<const double> core,
                                                 double alpha, Stage* stage, RunContext& run);

}  // namespace topograph::detail
