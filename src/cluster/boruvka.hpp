#pragma once

#include <span>
#include <vector>

#include "cluster/kd_tree.hpp"
#include "cluster/tree_edge.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Minimum spanning tree of the mutual reachability max(core_a, core_b, d / alpha) by Boruvka's
/// rounds: every component finds its least edge to another one with searches in the k-d tree.
///
/// @param core   By row.
/// @param near   (n, k) positions near each position, any k: they only tighten first bounds.
/// @param stage  Advanced by every edge found; may be null.
[[nodiscard]] Result<std::vector<TreeEdge>> boruvka(const KdTree& tree,
                                                    std::span<const double> core,
                                                    MatrixView<const std::int32_t> near,
                                                    double alpha, Stage* stage, RunContext& run);

}  // namespace topograph::detail
