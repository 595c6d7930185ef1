#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Up to k rows of x to start from; fewer when there are fewer different points (k-means++ only).
/// k-means++ is greedy: each step draws 2 + log k points with probability weight * squared distance
/// to the nearest start, and keeps the one that leaves the least inertia.
[[nodiscard]] Result<Matrix<float>> draw_starts(MatrixView<const float> x,
                                                std::span<const double> squared,
                                                std::span<const std::int32_t> weights,
                                                std::size_t k, KMeansInit init, RandomKey key,
                                                RunContext& run);

}  // namespace topograph::detail
