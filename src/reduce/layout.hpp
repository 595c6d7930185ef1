#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// What the layout's forces need, apart from positions and edges.
struct LayoutForces {
  CurveAb curve = {};
  float repulsion = 1;
  int negatives = 5;
  float learning_rate = 1;
};

/// The graph without the edges too weak to be used once in `n_epochs`.
/// @param n_epochs  Of the run; with 10 or fewer the default for n rows decides what is weak.
[[nodiscard]] FuzzyGraph drop_weak_edges(const FuzzyGraph& graph, int n_epochs);

/// Epochs when the user leaves them open: 500 up to 10 000 rows, 200 above.
[[nodiscard]] int default_epochs(std::size_t n_rows);

/// Moves the rows of `coords` (n, dim) for n_epochs epochs.
[[nodiscard]] Result<void> optimize_layout(const FuzzyGraph& graph, const LayoutForces& forces,
                                           int n_epochs, MatrixView<float> coords, RunContext& run);

}  // namespace topograph::detail
