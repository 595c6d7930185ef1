#pragma once

#include <cstdint>
#include <span>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Clusters that somebody else made, with the means of their members.
struct GivenClusters {
  Clustering clusters = {};    ///< `strength` as in AgglomerativeResult; 0 for noise.
  Matrix<float> centers = {};  ///< (clusters, d)
};

/// Numbers the labels by size (negative ones are noise) and measures every point against the means
/// of the clusters.
///
/// @error invalid_argument: another number of labels than rows, a value that is not finite (first
///        row named).
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<GivenClusters> given_labels(MatrixView<const float> x,
                                                 std::span<const std::int32_t> weights,
                                                 std::span<const std::int32_t> labels,
                                                 RunContext& run);

}  // namespace topograph
