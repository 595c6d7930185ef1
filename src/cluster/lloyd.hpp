#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

struct LloydOptions {
  int max_iter = 300;
  double tolerance = 0;  ///< On the sum of squared moves of the centers.
  bool is_spherical = false;
};

struct LloydResult {
  Matrix<float> centers = {};
  std::vector<std::int32_t> labels = {};  ///< The nearest of `centers`.
  int n_iter = 0;
  bool has_converged = false;
};

/// Moves `starts` until labels repeat or the centers rest. `squared` are the rows' squared norms.
[[nodiscard]] Result<LloydResult> lloyd(MatrixView<const float> x, std::span<const double> squared,
                                        std::span<const std::int32_t> weights, Matrix<float> starts,
                                        const LloydOptions& options, RunContext& run);

}  // namespace topograph::detail
