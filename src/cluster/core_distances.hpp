#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cluster/kd_tree.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Core distances in row order, and each point's nearest others where they were kept.
struct DensePoints {
  std::vector<double> core = {};   ///< (n), by row.
  Matrix<std::int32_t> near = {};  ///< (n, k) positions, by position; the point itself among them.
};

/// @param n_near  Nearest points to keep for each (0: none); at most min_samples + 1 are.
[[nodiscard]] Result<DensePoints> find_core_distances(const KdTree& tree,
                                                      std::span<const std::int32_t> weights,
                                                      int min_samples, std::size_t n_near,
                                                      Stage* stage, RunContext& run);

}  // namespace topograph::detail
