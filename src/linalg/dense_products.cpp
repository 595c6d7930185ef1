#include "topograph/linalg/dense_products.hpp"

#include <cblas.h>

#include <algorithm>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/blas.hpp"

namespace topograph {
namespace {

constexpr std::size_t kChunk = 128;  // Rows that are widened to float64 at a time.

// At most 32 partial sums are held at once, whatever the number of rows.
std::size_t row_grain(std::size_t n) { return std::max<std::size_t>(2048, (n + 31) / 32); }

void widen(MatrixView<const float> rows, std::span<const double> shift, Matrix<double>& out) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      out[r, c] = static_cast<double>(rows[r, c]) - (shift.empty() ? 0.0 : shift[c]);
    }
  }
}

/// Adds the products of these rows to the upper triangle of `sum`.
void add_products(MatrixView<const float> rows, std::span<const double> shift,
                  std::span<double> sum, const RunContext& run) {
  const int d = narrow<int>(rows.cols());
  Matrix<double> wide(std::min(kChunk, rows.rows()), rows.cols());
  for (std::size_t begin = 0; begin < rows.rows() && !run.stop_requested(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, rows.rows() - begin);
    widen(rows.rows(begin, begin + count), shift, wide);
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, narrow<int>(count), 1.0, wide.data(), d,
                1.0, sum.data(), d);
  }
}

/// Adds rows' * (rows * b) to `sum` (d, k).
void add_gram_times(MatrixView<const float> rows, std::span<const double> shift,
                    const Matrix<double>& b, std::span<double> sum, const RunContext& run) {
  const int d = narrow<int>(b.rows());
  const int k = narrow<int>(b.cols());
  Matrix<double> wide(std::min(kChunk, rows.rows()), b.rows());
  Matrix<double> product(wide.rows(), b.cols());
  for (std::size_t begin = 0; begin < rows.rows() && !run.stop_requested(); begin += kChunk) {
    const std::size_t end = std::min(begin + kChunk, rows.rows());
    const int count = narrow<int>(end - begin);
    widen(rows.rows(begin, end), shift, wide);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, k, d, 1.0, wide.data(), d,
                b.data(), k, 0.0, product.data(), k);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, d, k, count, 1.0, wide.data(), d,
                product.data(), k, 1.0, sum.data(), k);
  }
}

}  // namespace

Result<Matrix<double>> gram(MatrixView<const float> x, std::span<const double> shift,
                            RunContext& run) {
  TG_EXPECTS(shift.empty() || shift.size() == x.cols());
  hold_blas_to_one_thread();
  const std::size_t d = x.cols();
  const std::size_t grain = row_grain(x.rows());
  Matrix<double> partial(block_count(x.rows(), grain), d * d);
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    add_products(x.rows(block.begin, block.end), shift, partial.row(block.index), run);
  }));
  Matrix<double> sums(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = i; j < d; ++j) {
      double sum = 0;
      for (std::size_t b = 0; b < partial.rows(); ++b) sum += partial[b, i * d + j];
      sums[i, j] = sum;
      sums[j, i] = sum;
    }
  }
  return sums;
}

Result<Matrix<double>> gram_times(MatrixView<const float> x, std::span<const double> shift,
                                  const Matrix<double>& b, RunContext& run) {
  TG_EXPECTS(x.cols() == b.rows() && (shift.empty() || shift.size() == x.cols()));
  hold_blas_to_one_thread();
  Matrix<double> sums(b.rows(), b.cols());
  if (sums.empty()) return sums;
  const std::size_t grain = row_grain(x.rows());
  Matrix<double> partial(block_count(x.rows(), grain), sums.size());
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    add_gram_times(x.rows(block.begin, block.end), shift, b, partial.row(block.index), run);
  }));
  for (std::size_t p = 0; p < partial.rows(); ++p) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums.data()[i] += partial[p, i];
  }
  return sums;
}

Result<Matrix<float>> multiply(MatrixView<const float> x, const Matrix<double>& b,
                               RunContext& run) {
  return multiply(x, {}, b, run);
}

Result<Matrix<float>> multiply(MatrixView<const float> x, std::span<const double> shift,
                               const Matrix<double>& b, RunContext& run) {
  TG_EXPECTS(x.cols() == b.rows() && (shift.empty() || shift.size() == x.cols()));
  hold_blas_to_one_thread();
  Matrix<float> out(x.rows(), b.cols());
  if (out.empty()) return out;
  const int d = narrow<int>(b.rows());
  const int k = narrow<int>(b.cols());
  TG_TRY(parallel_blocks(run, x.rows(), kChunk, [&](const Block& block) {
    const std::size_t count = block.end - block.begin;
    Matrix<double> wide(count, x.cols());
    Matrix<double> product(count, b.cols());
    widen(x.rows(block.begin, block.end), shift, wide);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, narrow<int>(count), k, d, 1.0,
                wide.data(), d, b.data(), k, 0.0, product.data(), k);
    for (std::size_t r = 0; r < count; ++r) {
      std::ranges::transform(product.row(r), out.row(block.begin + r).begin(),
                             [](double value) { return static_cast<float>(value); });
    }
  }));
  return out;
}

}  // namespace topograph
