#pragma once

#include <cstdint>
#include <span>

#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Weights, means and covariances of the components from the shares (n, k) of every row, which
/// already carry the row's own weight. Shares below 1e-18 of a row are left out of covariances.
[[nodiscard]] Result<GaussianMixture> estimate_mixture(MatrixView<const float> x,
                                                       MatrixView<const double> shares,
                                                       CovarianceType type, double reg_covar,
                                                       RunContext& run);

}  // namespace topograph::detail
