#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph::detail {

/// @error invalid_argument unless 1 <= k <= min(n_rows, n_cols).
[[nodiscard]] Result<void> check_components(std::size_t k, std::size_t n_rows, std::size_t n_cols);

/// Mean of every column.
/// @error input subject naming the first row that is not finite, counted from `first_row`.
[[nodiscard]] Result<std::vector<double>> finite_column_means(MatrixView<const float> x,
                                                              std::size_t first_row,
                                                              RunContext& run);

/// Of x about `mean`, by the number of rows less one.
[[nodiscard]] Result<Eigen::MatrixXd> covariance(MatrixView<const float> x,
                                                 const std::vector<double>& mean, RunContext& run);

/// The k largest eigenvectors of `covariance`, which are columns of `basis` when one is given.
/// `total_variance` is the covariance's trace.
[[nodiscard]] Result<Pca> principal_axes(const std::vector<double>& mean,
                                         const Eigen::MatrixXd& covariance,
                                         const Eigen::MatrixXd* basis, std::size_t k);

/// Randomised PCA about `mean`; x is finite and 1 <= k <= min(n, d).
[[nodiscard]] Result<Pca> randomized_pca(MatrixView<const float> x, const std::vector<double>& mean,
                                         const PcaOptions& options, RunContext& run);

}  // namespace topograph::detail
