#pragma once

#include <cstdint>
#include <vector>

#include "cluster/fitted_tree.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Where a new point joins the tree.
struct Placement {
  std::int32_t neighbor = -1;  ///< Training row; -1: the new point is not finite.
  double lambda = 0;           ///< 1 / mutual reachability to it.
  bool is_copy = false;        ///< The two are identical.
};

/// @error invalid_argument: shapes that differ from the fit's, a value that is not finite (unless
///        options.non_finite is noise).
[[nodiscard]] Result<std::vector<Placement>> find_placements(
    const FittedTree& fitted, const HdbscanResult& result, MatrixView<const float> training,
    MatrixView<const float> points, const HdbscanOptions& options, RunContext& run);

/// The cluster (by number) that exists at the point's density on its neighbour's way to the root.
[[nodiscard]] std::int32_t cluster_at(const FittedTree& fitted, const Placement& placement);

/// @error invalid_argument: another number of rows than in the fit.
[[nodiscard]] Result<void> check_training(const HdbscanResult& fitted,
                                          MatrixView<const float> training);

/// Rows of the fit that took part in it, ascending; empty: all.
[[nodiscard]] std::vector<std::int32_t> rows_of_fit(const HdbscanResult& fitted);

}  // namespace topograph::detail
