#pragma once

#include <span>

#include "cluster/kd_tree.hpp"
#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The step of hdbscan_steps.hpp on a tree that is there already; `near` as in `boruvka`.
[[nodiscard]] Result<SpanningTree> find_spanning_tree(const KdTree& tree,
                                                      std::span<const double> core,
                                                      MatrixView<const std::int32_t> near,
                                                      double alpha, Stage* stage, RunContext& run);

}  // namespace topograph::detail
