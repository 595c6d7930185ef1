#include "reduce/ritz_block.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t grain = 512;

using Dense = Eigen::MatrixXd;
Eigen::Index ei(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// Rows of the blocks whose sums are added in order.
std::size_t rows_per_sum(std::size_t n) { return std::max(grain, (n + 63) / 64); }

/// x' y
Result<Dense> inner_products(const Matrix<double>& x, const Matrix<double>& y, RunContext& run) {
  const std::size_t m = x.cols();
  const std::size_t rows = rows_per_sum(x.rows());
  Matrix<double> partial(block_count(x.rows(), rows), m * m);
  TG_TRY(parallel_blocks(run, x.rows(), rows, [&](const Block& block) {
    double* sum = partial.row(block.index).data();
    for (std::size_t r = block.begin; r < block.end; ++r) {
      const double* right = y.row(r).data();
      for (std::size_t i = 0; i < m; ++i) {
        const double left = x[r, i];
        for (std::size_t j = 0; j < m; ++j) sum[i * m + j] += left * right[j];
      }
    }
  }));
  Dense total = Dense::Zero(ei(m), ei(m));
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < m; ++j) total(ei(i), ei(j)) += partial[b, i * m + j];
    }
  }
  return total;
}

/// x <- x rotation, in place.
Result<void> rotate(Matrix<double>& x, const Dense& rotation, RunContext& run) {
  const std::size_t m = x.cols();
  Matrix<double> by_rows(m, m);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) by_rows[i, j] = rotation(ei(i), ei(j));
  }
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    std::vector<double> mixed(m);
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::fill(mixed.begin(), mixed.end(), 0.0);
      for (std::size_t i = 0; i < m; ++i) {
        const double left = x[r, i];
        const double* row = by_rows.row(i).data();
        for (std::size_t j = 0; j < m; ++j) mixed[j] += left * row[j];
      }
      std::copy(mixed.begin(), mixed.end(), x.row(r).begin());
    }
  });
}

Result<void> project_out(Matrix<double>& x, const std::vector<double>& direction, RunContext& run) {
  const std::size_t m = x.cols();
  const std::size_t rows = rows_per_sum(x.rows());
  Matrix<double> partial(block_count(x.rows(), rows), m);
  TG_TRY(parallel_blocks(run, x.rows(), rows, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < m; ++c) partial[block.index, c] += direction[r] * x[r, c];
    }
  }));
  std::vector<double> dot(m, 0.0);
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t c = 0; c < m; ++c) dot[c] += partial[b, c];
  }
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < m; ++c) x[r, c] -= dot[c] * direction[r];
    }
  });
}

}  // namespace

Result<void> orthonormalize(Matrix<double>& x, const std::vector<double>& trivial,
                            RunContext& run) {
  for (int pass = 0; pass < 2; ++pass) {
    TG_TRY(project_out(x, trivial, run));
    TG_TRY(const Dense gram, inner_products(x, x, run));
    const Eigen::SelfAdjointEigenSolver<Dense> solver(gram);
    const double largest = std::max(solver.eigenvalues().maxCoeff(), 1e-300);
    Dense rotation = solver.eigenvectors();
    for (Eigen::Index c = 0; c < rotation.cols(); ++c) {
      const double value = solver.eigenvalues()(c);
      rotation.col(c) *= value > 1e-15 * largest ? 1.0 / std::sqrt(value) : 0.0;
    }
    TG_TRY(rotate(x, rotation, run));
  }
  return {};
}

Result<std::vector<double>> ritz_vectors(Matrix<double>& x, Matrix<double>& ax, RunContext& run) {
  TG_TRY(Dense projected, inner_products(x, ax, run));
  projected = (0.5 * (projected + projected.transpose())).eval();
  const Eigen::SelfAdjointEigenSolver<Dense> solver(projected);
  const Dense rotation = solver.eigenvectors().rowwise().reverse();
  TG_TRY(rotate(x, rotation, run));
  TG_TRY(rotate(ax, rotation, run));
  std::vector<double> values(x.cols());
  for (std::size_t c = 0; c < values.size(); ++c) {
    values[c] = solver.eigenvalues()(ei(values.size() - 1 - c));
  }
  return values;
}

Result<double> largest_residual(const Matrix<double>& x, const Matrix<double>& ax,
                                const std::vector<double>& values, std::size_t k, RunContext& run) {
  const std::size_t rows = rows_per_sum(x.rows());
  Matrix<double> partial(block_count(x.rows(), rows), k);
  TG_TRY(parallel_blocks(run, x.rows(), rows, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < k; ++c) {
        const double difference = ax[r, c] - values[c] * x[r, c];
        partial[block.index, c] += difference * difference;
      }
    }
  }));
  double largest = 0;
  for (std::size_t c = 0; c < k; ++c) {
    double sum = 0;
    for (std::size_t b = 0; b < partial.rows(); ++b) sum += partial[b, c];
    largest = std::max(largest, std::sqrt(sum));
  }
  return largest;
}

}  // namespace topograph::detail
