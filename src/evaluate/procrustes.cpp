#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/evaluate/preservation.hpp"

// With both sides at mean 0 and norm 1, the best rotation leaves 1 - s^2, s the sum of the singular
// values of a' b.
namespace topograph {
namespace {

// At most 16 partial sums, whatever the number of rows.
std::size_t row_grain(std::size_t n) { return std::max<std::size_t>(512, (n + 15) / 16); }

std::vector<double> means(MatrixView<const float> x) {
  std::vector<double> mean(x.cols(), 0.0);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) mean[c] += static_cast<double>(x[r, c]);
  }
  for (double& value : mean) value /= static_cast<double>(x.rows());
  return mean;
}

double squared_norm(MatrixView<const float> x, const std::vector<double>& mean) {
  double sum = 0;
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      const double value = static_cast<double>(x[r, c]) - mean[c];
      sum += value * value;
    }
  }
  return sum;
}

Result<Eigen::MatrixXd> cross_products(MatrixView<const float> a, MatrixView<const float> b,
                                       RunContext& run) {
  const auto d = narrow<Eigen::Index>(a.cols());
  const std::size_t grain = row_grain(a.rows());
  const std::vector<double> mean_a = means(a);
  const std::vector<double> mean_b = means(b);
  std::vector<Eigen::MatrixXd> partial(block_count(a.rows(), grain));
  TG_TRY(parallel_blocks(run, a.rows(), grain, [&](const Block& block) {
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(d, d);
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (Eigen::Index j = 0; j < d; ++j) {
        const double right = static_cast<double>(b[r, idx(j)]) - mean_b[idx(j)];
        for (Eigen::Index i = 0; i < d; ++i) {
          sum(i, j) += (static_cast<double>(a[r, idx(i)]) - mean_a[idx(i)]) * right;
        }
      }
    }
    partial[block.index] = std::move(sum);
  }));
  Eigen::MatrixXd total = Eigen::MatrixXd::Zero(d, d);
  for (const Eigen::MatrixXd& part : partial) total += part;
  return total;
}

}  // namespace

Result<double> procrustes_disparity(MatrixView<const float> a, MatrixView<const float> b,
                                    RunContext& run) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) {
    return input_error(ErrorCode::invalid_argument, "b",
                       "expected the shape of a, " + std::to_string(a.rows()) + " x " +
                           std::to_string(a.cols()) + ", found " + std::to_string(b.rows()) +
                           " x " + std::to_string(b.cols()),
                       "fill the narrower one up with columns of zeros");
  }
  TG_TRY(check_finite_rows(a, "a", run));
  TG_TRY(check_finite_rows(b, "b", run));
  const double norm_a = std::sqrt(squared_norm(a, means(a)));
  const double norm_b = std::sqrt(squared_norm(b, means(b)));
  if (norm_a == 0 || norm_b == 0) {
    return input_error(ErrorCode::invalid_argument, norm_a == 0 ? "a" : "b",
                       "expected at least two different rows, found all rows equal");
  }
  TG_TRY(const Eigen::MatrixXd products, cross_products(a, b, run));
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(products);
  const double s = std::min(1.0, svd.singularValues().sum() / norm_a / norm_b);
  return (1 - s) * (1 + s);
}

}  // namespace topograph
