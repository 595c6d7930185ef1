#include "embed/static/principal_scores.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kRowsPerBlock = 1024;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatRows =
    Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>, 0,
               Eigen::OuterStride<>>;

FloatRows block_rows(MatrixView<const float> x, const Block& block) {
  return {x.data() + block.begin * x.stride(), narrow<Eigen::Index>(block.end - block.begin),
          narrow<Eigen::Index>(x.cols()), Eigen::OuterStride<>(narrow<Eigen::Index>(x.stride()))};
}

Result<Eigen::RowVectorXd> column_means(MatrixView<const float> x, RunContext& run) {
  std::vector<Eigen::RowVectorXd> parts(block_count(x.rows(), kRowsPerBlock));
  TG_TRY(parallel_blocks(run, x.rows(), kRowsPerBlock, [&](const Block& block) {
    parts[block.index] = block_rows(x, block).cast<double>().colwise().sum();
  }));
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(narrow<Eigen::Index>(x.cols()));
  for (const auto& part : parts) mean += part;
  return mean / static_cast<double>(std::max<std::size_t>(x.rows(), 1));
}

Result<Eigen::MatrixXd> covariance(MatrixView<const float> x, const Eigen::RowVectorXd& mean,
                                   RunContext& run) {
  std::vector<Eigen::MatrixXd> parts(block_count(x.rows(), kRowsPerBlock));
  TG_TRY(parallel_blocks(run, x.rows(), kRowsPerBlock, [&](const Block& block) {
    const RowMajor centred = block_rows(x, block).cast<double>().rowwise() - mean;
    parts[block.index].noalias() = centred.transpose() * centred;
  }));
  const auto n = narrow<Eigen::Index>(x.cols());
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(n, n);
  for (const auto& part : parts) sum += part;
  return sum / static_cast<double>(std::max<std::size_t>(x.rows(), 2) - 1);
}

void fix_signs(Matrix<double>& scores) {
  for (std::size_t j = 0; j < scores.cols(); ++j) {
    double largest = 0;
    for (std::size_t i = 0; i < scores.rows(); ++i) {
      if (std::abs(scores[i, j]) > std::abs(largest)) largest = scores[i, j];
    }
    if (largest >= 0) continue;
    for (std::size_t i = 0; i < scores.rows(); ++i) scores[i, j] = -scores[i, j];
  }
}

}  // namespace

Result<PrincipalScores> principal_scores(MatrixView<const float> x, std::size_t n_components,
                                         RunContext& run) {
  TG_EXPECTS(n_components >= 1 && n_components <= x.cols());
  TG_TRY(const auto mean, column_means(x, run));
  TG_TRY(const auto spread, covariance(x, mean, run));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(spread);
  const auto k = narrow<Eigen::Index>(n_components);
  // Eigenvalues come in ascending order.
  const Eigen::MatrixXd axes = solver.eigenvectors().rightCols(k).rowwise().reverse();
  const Eigen::VectorXd variances = solver.eigenvalues().cwiseMax(0.0);

  PrincipalScores result;
  result.scores = Matrix<double>(x.rows(), n_components);
  TG_TRY(parallel_blocks(run, x.rows(), kRowsPerBlock, [&](const Block& block) {
    const RowMajor centred = block_rows(x, block).cast<double>().rowwise() - mean;
    Eigen::Map<RowMajor> target(result.scores.row(block.begin).data(),
                                narrow<Eigen::Index>(block.end - block.begin), k);
    target.noalias() = centred * axes;
  }));
  fix_signs(result.scores);
  const double total = variances.sum();
  result.explained_variance = total > 0 ? variances.tail(k).sum() / total : 1.0;
  return result;
}

}  // namespace topograph::detail
