#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cluster/tree_edge.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// With more columns a box holds so few of a point's neighbours that a k-d tree visits nearly every
/// leaf: rows are then compared with each other, by the two functions below.
inline constexpr std::size_t kMaxTreeDims = 20;

/// Core distances by row from the exact neighbours, found by blocked products.
[[nodiscard]] Result<std::vector<double>> scan_core_distances(MatrixView<const float> x,
                                                              std::span<const std::int32_t> weights,
                                                              int min_samples, Stage* stage,
                                                              RunContext& run);

/// The tree of `boruvka` by Prim's algorithm on exact distances: n^2 / 2 of them, whatever the
/// data.
/// @param stage  Advanced by every edge found; may be null.
[[nodiscard]] Result<std::vector<TreeEdge>> prim(MatrixView<const float> x,
                                                 std::span<const double> core, double alpha,
                                                 Stage* stage, RunContext& run);

}  // namespace topograph::detail
