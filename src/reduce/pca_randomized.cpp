// Subspace iteration on the covariance C, which is only ever multiplied with a thin basis:
//   Z = orth(Omega),  repeat  Z = orth(C Z),
// then the eigenvectors of the small Z' C Z, turned back by Z.
#include <Eigen/QR>
#include <algorithm>

#include "reduce/pca_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/linalg/dense_products.hpp"

namespace topograph::detail {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::MatrixXd orthonormal_basis(const Eigen::MatrixXd& columns) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(columns);
  return qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
}

Eigen::MatrixXd random_columns(std::size_t rows, std::size_t cols, RandomKey key) {
  Eigen::MatrixXd out(narrow<Eigen::Index>(rows), narrow<Eigen::Index>(cols));
  for (std::size_t c = 0; c < cols; ++c) {
    for (std::size_t r = 0; r < rows; ++r) {
      out(narrow<Eigen::Index>(r), narrow<Eigen::Index>(c)) = normal(key, r, c);
    }
  }
  return out;
}

/// The covariance, formed where that is less work than multiplying with it again and again: a row
/// costs d^2 once, or 4 d multiplications a direction and product.
Result<Eigen::MatrixXd> formed_covariance(MatrixView<const float> x,
                                          const std::vector<double>& mean, std::size_t n_directions,
                                          std::size_t n_products, RunContext& run) {
  if (x.cols() > 4 * n_directions * n_products) return Eigen::MatrixXd();
  return covariance(x, mean, run);
}

Result<Eigen::MatrixXd> covariance_times(MatrixView<const float> x, const std::vector<double>& mean,
                                         const Eigen::MatrixXd& formed,
                                         const Eigen::MatrixXd& basis, RunContext& run) {
  if (formed.size() > 0) return Eigen::MatrixXd(formed * basis);
  Matrix<double> columns(idx(basis.rows()), idx(basis.cols()));
  Eigen::Map<RowMajor>(columns.data(), basis.rows(), basis.cols()) = basis;
  TG_TRY(const Matrix<double> sums, gram_times(x, mean, columns, run));
  const double scale = 1.0 / static_cast<double>(std::max<std::size_t>(1, x.rows() - 1));
  return Eigen::MatrixXd(Eigen::Map<const RowMajor>(sums.data(), basis.rows(), basis.cols()) *
                         scale);
}

/// Trace of the covariance.
Result<double> total_variance(MatrixView<const float> x, const std::vector<double>& mean,
                              RunContext& run) {
  constexpr std::size_t grain = 1024;
  std::vector<double> partial(block_count(x.rows(), grain), 0.0);
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    double sum = 0;
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < x.cols(); ++c) {
        const double value = static_cast<double>(x[r, c]) - mean[c];
        sum += value * value;
      }
    }
    partial[block.index] = sum;
  }));
  double sum = 0;
  for (const double value : partial) sum += value;
  return sum / static_cast<double>(std::max<std::size_t>(1, x.rows() - 1));
}

}  // namespace

Result<Pca> randomized_pca(MatrixView<const float> x, const std::vector<double>& mean,
                           const PcaOptions& options, RunContext& run) {
  const std::size_t k = idx(options.n_components);
  const std::size_t n_directions =
      std::min(k + idx(options.n_oversamples), std::min(x.rows(), x.cols()));
  TG_TRY(const Eigen::MatrixXd formed,
         formed_covariance(x, mean, n_directions, idx(options.n_iter) + 2, run));
  Eigen::MatrixXd basis = orthonormal_basis(
      random_columns(x.cols(), n_directions, random_key(run.seed(), "reduce.pca")));
  // The first product stands for the sketch of the range, the others are power iterations.
  for (int i = 0; i <= options.n_iter; ++i) {
    TG_TRY(const Eigen::MatrixXd next, covariance_times(x, mean, formed, basis, run));
    basis = orthonormal_basis(next);
  }
  TG_TRY(const Eigen::MatrixXd image, covariance_times(x, mean, formed, basis, run));
  const Eigen::MatrixXd small = basis.transpose() * image;
  TG_TRY(Pca pca, principal_axes(mean, (small + small.transpose()) / 2, &basis, k));
  if (formed.size() > 0) {
    pca.total_variance = formed.trace();
  } else {
    TG_TRY(pca.total_variance, total_variance(x, mean, run));
  }
  return pca;
}

}  // namespace topograph::detail
