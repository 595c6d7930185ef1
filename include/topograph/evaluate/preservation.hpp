#pragma once

#include <cstddef>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

struct PreservationOptions {
  std::size_t n_neighbors = 15;       ///< k, at least 1 and below n / 2.
  Metric metric = Metric::euclidean;  ///< Of x; distances in the layout are euclidean.
  std::size_t sample = 0;  ///< Rows that are asked, drawn by the run's seed; 0 or >= n: all.
};

/// How well a layout keeps neighbourhoods; each in [0, 1], 1 is perfect.
struct NeighborPreservation {
  double trustworthiness = 0;  ///< Falls when the layout brings rows near that were far.
  double continuity = 0;       ///< Falls when the layout parts rows that were near.
  double neighbors_kept = 0;   ///< Mean share of the k nearest in x that are so in the layout.
};

/// Compares the ranks of rows by distance in x (n, d) and in layout (n, m). Rows at equal distances
/// rank by number. The rows of a sample are ranked against all rows, so the estimates have no bias.
///
/// @error       invalid_argument: another number of rows in the layout, k out of range, a value
///              that is not finite (first row named); cancelled.
/// @determinism Bit-identical for any thread count.
/// @cost        O(s n (d + m + log k)) for s rows asked, in float64; O(n (d + m + threads)) memory.
/// @source      Venna & Kaski 2001.
/// @peer        scikit-learn 1.9.1 `trustworthiness` (golden test); continuity is the same with x
///              and layout swapped.
[[nodiscard]] Result<NeighborPreservation> neighbor_preservation(MatrixView<const float> x,
                                                                 MatrixView<const float> layout,
                                                                 const PreservationOptions& options,
                                                                 RunContext& run);

/// Sum of squared differences of a and b (n, d), each moved to mean 0 and scaled to norm 1, after
/// the best rotation, reflection and scaling of b: 0 for the same shape, at most 1. Symmetric.
///
/// @error       invalid_argument: other shapes, a value that is not finite (first row named), all
///              rows of a or b equal.
/// @determinism Bit-identical for any thread count.
/// @cost        O(n d^2 + d^3).
/// @source      Gower 1975.
/// @peer        scipy 1.17.1 `spatial.procrustes` (golden test).
[[nodiscard]] Result<double> procrustes_disparity(MatrixView<const float> a,
                                                  MatrixView<const float> b, RunContext& run);

}  // namespace topograph
