// Exact solver: covariance over fixed row blocks (products in float32, sums in float64), then
// all eigenvectors of the (d, d) matrix. Exact and cheap for the few hundred columns of an
// embedding.
#include "topograph/reduce/pca.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "reduce/pca_steps.hpp"
#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/dense_products.hpp"
#include "topograph/linalg/symmetric_eigen.hpp"

namespace topograph {
namespace {

constexpr std::size_t kExactColumns = 2000;
constexpr std::size_t kFewShare = 4;  // below a quarter of the axes, the others are not computed
// Total variances between which float32 holds the products of scores.
constexpr double kLeastQuick = 1e-20;
constexpr double kMostQuick = 1e30;
// Variances below this share of all are rounding.
constexpr double kNoVariance = 1e-14;

// At most 32 partial covariances are held at once, whatever the number of rows.
std::size_t row_grain(std::size_t n) { return std::max<std::size_t>(512, (n + 31) / 32); }

/// Copies one eigenvector, its entry of largest magnitude made positive.
void store_component(const Eigen::Ref<const Eigen::VectorXd>& vector, std::span<float> out) {
  Eigen::Index largest = 0;
  for (Eigen::Index i = 1; i < vector.size(); ++i) {
    if (std::abs(vector(i)) > std::abs(vector(largest))) largest = i;
  }
  const double sign = vector(largest) < 0 ? -1.0 : 1.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(sign * vector(narrow<Eigen::Index>(i)));
  }
}

/// What the scores of each component are multiplied by.
std::vector<double> score_scales(const Pca& pca) {
  std::vector<double> scales(pca.components.rows(), 1.0);
  for (std::size_t c = 0; pca.whiten && c < scales.size(); ++c) {
    const double variance = pca.explained_variance[c];
    const bool is_rounding = !(variance > kNoVariance * pca.total_variance);
    scales[c] = is_rounding ? 0 : 1 / std::sqrt(variance);
  }
  return scales;
}

Result<void> scale_columns(Matrix<float>& scores, const std::vector<double>& scales,
                           RunContext& run) {
  return parallel_blocks(run, scores.rows(), row_grain(scores.rows()), [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < scales.size(); ++c) {
        scores[r, c] = static_cast<float>(static_cast<double>(scores[r, c]) * scales[c]);
      }
    }
  });
}

}  // namespace

namespace detail {

Result<std::vector<double>> finite_column_means(MatrixView<const float> x, std::size_t first_row,
                                                RunContext& run) {
  const std::size_t grain = row_grain(x.rows());
  Matrix<double> partial(block_count(x.rows(), grain), x.cols());
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < x.cols(); ++c) {
        partial[block.index, c] += static_cast<double>(x[r, c]);
      }
    }
  }));
  std::vector<double> mean(x.cols(), 0.0);
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t c = 0; c < x.cols(); ++c) mean[c] += partial[b, c];
  }
  for (double& m : mean) m /= static_cast<double>(x.rows());
  // In float64 no sum of finite float32 overflows: a mean tells of every NaN and infinity.
  const bool is_finite = std::ranges::all_of(mean, [](double m) { return std::isfinite(m); });
  if (!is_finite) TG_TRY(check_finite_rows(x, {}, run, first_row));
  return mean;
}

Result<void> check_components(std::size_t k, std::size_t n_rows, std::size_t n_cols) {
  const std::size_t limit = std::min(n_rows, n_cols);
  if (k >= 1 && k <= limit) return {};
  return option_error("n_components", "expected 1 to " + std::to_string(limit) +
                                          " (the smaller side of the data), found " +
                                          std::to_string(k));
}

Result<Eigen::MatrixXd> covariance(MatrixView<const float> x, const std::vector<double>& mean,
                                   RunContext& run) {
  TG_TRY(const Matrix<double> sums, scatter(x, mean, run));
  const double scale = 1.0 / static_cast<double>(std::max<std::size_t>(1, x.rows() - 1));
  const auto d = narrow<Eigen::Index>(x.cols());
  return Eigen::MatrixXd(Eigen::Map<const Eigen::MatrixXd>(sums.data(), d, d) * scale);
}

Result<Pca> principal_axes(const std::vector<double>& mean, const Eigen::MatrixXd& covariance,
                           const Eigen::MatrixXd* basis, std::size_t k) {
  const std::size_t m = idx(covariance.cols());
  Matrix<double> symmetric(m, m);
  std::copy_n(covariance.data(), symmetric.size(), symmetric.data());
  const bool is_few = k <= m / kFewShare;
  TG_TRY(const SymmetricEigen found,
         is_few ? largest_eigen(std::move(symmetric), k) : symmetric_eigen(std::move(symmetric)));
  const std::size_t n_found = found.values.size();
  const Eigen::Map<const Eigen::MatrixXd> own(
      found.vectors.data(), covariance.rows(),
      narrow<Eigen::Index>(n_found));  // their rows are its columns
  Pca pca;
  pca.mean.assign(mean.begin(), mean.end());
  pca.components = Matrix<float>(k, mean.size());
  pca.explained_variance.resize(k);
  pca.total_variance = covariance.trace();
  const Eigen::MatrixXd turned = basis == nullptr ? Eigen::MatrixXd() : *basis * own;
  for (std::size_t c = 0; c < k; ++c) {
    const std::size_t from = n_found - 1 - c;  // values rise
    const auto column = narrow<Eigen::Index>(from);
    pca.explained_variance[c] = std::max(0.0, found.values[from]);
    if (basis == nullptr) {
      store_component(own.col(column), pca.components.row(c));
    } else {
      store_component(turned.col(column), pca.components.row(c));
    }
  }
  return pca;
}

}  // namespace detail

/// Many columns make the covariance's eigenvectors dear; many components the iterations.
bool uses_exact_pca(const PcaOptions& options, std::size_t n_rows, std::size_t n_cols) {
  if (options.solver != PcaSolver::automatic) return options.solver == PcaSolver::exact;
  const std::size_t n_directions = idx(options.n_components) + idx(options.n_oversamples);
  return n_cols <= kExactColumns || 4 * n_directions >= std::min(n_rows, n_cols);
}

std::vector<double> Pca::explained_variance_ratio() const {
  std::vector<double> shares = explained_variance;
  for (double& share : shares) share = total_variance > 0 ? share / total_variance : 0;
  return shares;
}

namespace {

/// Axes about the mean, or about the origin.
Result<Pca> fit_axes(MatrixView<const float> x, bool is_centered, const PcaOptions& options,
                     RunContext& run) {
  TG_TRY(validate_options(options));
  const std::size_t k = idx(options.n_components);
  TG_TRY(detail::check_components(k, x.rows(), x.cols()));
  TG_TRY(std::vector<double> center, detail::finite_column_means(x, 0, run));
  if (!is_centered) std::ranges::fill(center, 0.0);
  Pca pca;
  if (!uses_exact_pca(options, x.rows(), x.cols())) {
    TG_TRY(pca, detail::randomized_pca(x, center, options, run));
  } else {
    TG_TRY(const Eigen::MatrixXd cov, detail::covariance(x, center, run));
    TG_TRY(pca, detail::principal_axes(center, cov, nullptr, k));
  }
  pca.whiten = options.whiten;
  return pca;
}

}  // namespace

Result<Pca> fit_pca(MatrixView<const float> x, std::size_t k, RunContext& run) {
  return fit_pca(x, {.n_components = narrow<int>(k), .solver = PcaSolver::exact}, run);
}

Result<Pca> fit_pca(MatrixView<const float> x, const PcaOptions& options, RunContext& run) {
  return fit_axes(x, true, options, run);
}

Result<Pca> fit_svd(MatrixView<const float> x, const PcaOptions& options, RunContext& run) {
  return fit_axes(x, false, options, run);
}

Result<Matrix<float>> apply_pca(const Pca& pca, MatrixView<const float> x, RunContext& run) {
  if (x.cols() != pca.mean.size()) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected " + std::to_string(pca.mean.size()) + " columns, found " +
                           std::to_string(x.cols()));
  }
  const std::vector<double> scales = score_scales(pca);
  if (pca.total_variance > kLeastQuick && pca.total_variance < kMostQuick) {
    TG_TRY(auto scores, project(x, pca.mean, pca.components.view(), run));
    if (pca.whiten) TG_TRY(scale_columns(scores, scales, run));
    return scores;
  }
  const std::vector<double> center(pca.mean.begin(), pca.mean.end());
  Matrix<double> axes(x.cols(), scales.size());
  for (std::size_t c = 0; c < scales.size(); ++c) {
    for (std::size_t j = 0; j < x.cols(); ++j) {
      axes[j, c] = static_cast<double>(pca.components[c, j]) * scales[c];
    }
  }
  return multiply(x, center, axes, run);
}

}  // namespace topograph
