#pragma once

#include <cstddef>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Principal components: mean (d), components (k, d) as rows, variances (k) in falling order.
struct Pca {
  std::vector<float> mean = {};
  Matrix<float> components = {};
  std::vector<double> explained_variance = {};
  double total_variance = 0;
};

/// Exact PCA of x (n, d) through the eigenvectors of its covariance (float64). Signs: the entry of
/// largest magnitude of each component is positive.
/// @error invalid_argument: k < 1, k > min(n, d). @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Pca> fit_pca(MatrixView<const float> x, std::size_t k, RunContext& run);

/// Scores (n, k) of x on fitted components.
[[nodiscard]] Result<Matrix<float>> apply_pca(const Pca& pca, MatrixView<const float> x,
                                              RunContext& run);

}  // namespace topograph
