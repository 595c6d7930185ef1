#pragma once

#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

/// The logarithm of each row's mean squared distance to its graph neighbours, weighted by the
/// edges; NaN for rows without neighbours.
/// @param x      (n, d) finite rows of the graph's vertices.
/// @peer         umap-learn `rad_orig_`. @determinism Bit-identical for any number of threads.
[[nodiscard]] Result<std::vector<float>> log_radii(const FuzzyGraph& graph,
                                                   MatrixView<const float> x, Metric metric,
                                                   RunContext& run);

/// The same of a layout, in a fuzzy graph of its own neighbours.
/// @peer umap-learn `rad_emb_`, which leaves distances unsquared here.
[[nodiscard]] Result<std::vector<float>> layout_log_radii(MatrixView<const float> coords,
                                                          int n_neighbors, RunContext& run);

}  // namespace topograph::detail
