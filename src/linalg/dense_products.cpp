#include "topograph/linalg/dense_products.hpp"

#include <cblas.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/blas.hpp"

namespace topograph {
namespace {

constexpr std::size_t kChunk = 128;  // Rows that are moved and widened at a time.

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

/// Whether products of float32 neither overflow nor vanish; false for NaN.
bool are_of_usual_size(const Matrix<float>& products) {
  float largest = 0;
  float sum = 0;
  for (std::size_t i = 0; i < products.rows(); ++i) {
    largest = std::max(largest, products[i, i]);
    sum += products[i, i];
  }
  return largest > 1e-20F && sum < 1e30F;
}

/// The same with the products of a chunk in float32, where it can hold them.
void add_quick_products(MatrixView<const float> rows, std::span<const double> shift,
                        std::span<double> sum, const RunContext& run) {
  const int d = narrow<int>(rows.cols());
  Matrix<float> moved(std::min(kChunk, rows.rows()), rows.cols());
  Matrix<float> products(rows.cols(), rows.cols());
  for (std::size_t begin = 0; begin < rows.rows() && !run.stop_requested(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, rows.rows() - begin);
    for (std::size_t r = 0; r < count; ++r) {
      const std::span<const float> row = rows.row(begin + r);
      for (std::size_t c = 0; c < row.size(); ++c) {
        moved[r, c] = static_cast<float>(static_cast<double>(row[c]) - shift[c]);
      }
    }
    cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, d, narrow<int>(count), 1.0F, moved.data(), d,
                0.0F, products.data(), d);
    if (!are_of_usual_size(products)) {
      add_products(rows.rows(begin, begin + count), shift, sum, run);
      continue;
    }
    for (std::size_t i = 0; i < rows.cols(); ++i) {
      for (std::size_t j = i; j < rows.cols(); ++j) {
        sum[i * rows.cols() + j] += static_cast<double>(products[i, j]);
      }
    }
  }
}

/// The full matrix of what `add` adds to the upper triangles of partial sums, in their order.
Result<Matrix<double>> summed_products(MatrixView<const float> x, std::span<const double> shift,
                                       decltype(add_products)& add, RunContext& run) {
  hold_blas_to_one_thread();
  const std::size_t d = x.cols();
  const std::size_t grain = row_grain(x.rows());
  Matrix<double> partial(block_count(x.rows(), grain), d * d);
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    add(x.rows(block.begin, block.end), shift, partial.row(block.index), run);
  }));
  Matrix<double> sums(d, d);
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = i; j < d; ++j) sums[i, j] += partial[b, i * d + j];
    }
  }
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < i; ++j) sums[i, j] = sums[j, i];
  }
  return sums;
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
  return summed_products(x, shift, add_products, run);
}

Result<Matrix<double>> scatter(MatrixView<const float> x, std::span<const double> mean,
                               RunContext& run) {
  TG_EXPECTS(mean.size() == x.cols());
  return summed_products(x, mean, add_quick_products, run);
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

Result<Matrix<float>> project(MatrixView<const float> x, std::span<const float> shift,
                              MatrixView<const float> axes, RunContext& run) {
  TG_EXPECTS(x.cols() == axes.cols() && shift.size() == x.cols());
  hold_blas_to_one_thread();
  Matrix<float> out(x.rows(), axes.rows());
  if (out.empty()) return out;
  const int d = narrow<int>(axes.cols());
  const int k = narrow<int>(axes.rows());
  std::vector<Matrix<float>> scratch(idx(run.threads()));
  TG_TRY(parallel_blocks(run, x.rows(), kChunk, [&](const Block& block) {
    Matrix<float>& moved = scratch[block.worker];
    if (moved.empty()) moved = Matrix<float>(kChunk, x.cols());
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::ranges::transform(x.row(r), shift, moved.row(r - block.begin).begin(), std::minus{});
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, narrow<int>(block.end - block.begin), k, d,
                1.0F, moved.data(), d, axes.data(), narrow<int>(axes.stride()), 0.0F,
                out.row(block.begin).data(), k);
  }));
  return out;
}

}  // namespace topograph
