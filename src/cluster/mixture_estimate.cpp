#include "cluster/mixture_estimate.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/blas.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kChunk = 256;  // Rows that are widened to float64 at a time.
constexpr double kNegligible = 1e-18;

// At most 16 partial sums, whatever the number of rows.
std::size_t row_grain(std::size_t n) { return std::max<std::size_t>(1024, (n + 15) / 16); }

/// Sums over the rows of share * row (k, d) and, if asked for, of share * row^2, in the columns
/// behind; rows are taken relative to `origin`.
Result<Matrix<double>> weighted_sums(MatrixView<const float> x, MatrixView<const double> shares,
                                     std::span<const double> origin, bool with_squares,
                                     RunContext& run) {
  const std::size_t d = x.cols();
  const std::size_t k = shares.cols();
  const std::size_t width = with_squares ? 2 * d : d;
  const std::size_t grain = row_grain(x.rows());
  Matrix<double> partial(block_count(x.rows(), grain), k * width);
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    Matrix<double> wide(kChunk, width);
    for (std::size_t begin = block.begin; begin < block.end; begin += kChunk) {
      const std::size_t count = std::min(kChunk, block.end - begin);
      for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t t = 0; t < d; ++t) {
          const double value = static_cast<double>(x[begin + r, t]) - origin[t];
          wide[r, t] = value;
          if (with_squares) wide[r, d + t] = value * value;
        }
      }
      cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, narrow<int>(k), narrow<int>(width),
                  narrow<int>(count), 1.0, shares.row(begin).data(), narrow<int>(shares.stride()),
                  wide.data(), narrow<int>(width), 1.0, partial.row(block.index).data(),
                  narrow<int>(width));
    }
  }));
  Matrix<double> sums(k, width);
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t i = 0; i < k * width; ++i) sums.data()[i] += partial[b, i];
  }
  return sums;
}

/// Adds share * (row - mean)' (row - mean) of rows [begin, end) to the upper triangle of `sum`.
void add_scatter(MatrixView<const float> x, MatrixView<const double> shares,
                 std::span<const double> mean, std::size_t component, std::size_t begin,
                 std::size_t end, std::span<double> sum) {
  const std::size_t d = x.cols();
  Matrix<double> scaled(kChunk, d);
  std::size_t filled = 0;
  const auto flush = [&] {
    if (filled == 0) return;
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, narrow<int>(d), narrow<int>(filled), 1.0,
                scaled.data(), narrow<int>(d), 1.0, sum.data(), narrow<int>(d));
    filled = 0;
  };
  for (std::size_t row = begin; row < end; ++row) {
    const double share = shares[row, component];
    if (share < kNegligible) continue;
    const double scale = std::sqrt(share);
    for (std::size_t t = 0; t < d; ++t) {
      scaled[filled, t] = scale * (static_cast<double>(x[row, t]) - mean[t]);
    }
    if (++filled == kChunk) flush();
  }
  flush();
}

/// The scatter matrices around `means` (one each), (components, d d), both triangles filled.
Result<Matrix<double>> scatters(MatrixView<const float> x, MatrixView<const double> shares,
                                const Matrix<double>& means, RunContext& run) {
  const std::size_t d = x.cols();
  const std::size_t k = means.rows();
  // Few components are cut into row ranges, too, so that every thread has work.
  const std::size_t n_ranges = k >= 8 ? 1 : 4;
  const std::size_t range = block_count(x.rows(), n_ranges);
  Matrix<double> partial(k * n_ranges, d * d);
  TG_TRY(parallel_blocks(run, partial.rows(), 1, [&](const Block& block) {
    const std::size_t component = block.begin / n_ranges;
    const std::size_t begin = std::min(x.rows(), block.begin % n_ranges * range);
    add_scatter(x, shares, means.row(component), component, begin,
                std::min(x.rows(), begin + range), partial.row(block.begin));
  }));
  Matrix<double> sums(k, d * d);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = i; j < d; ++j) {
        double sum = 0;
        for (std::size_t r = 0; r < n_ranges; ++r) sum += partial[c * n_ranges + r, i * d + j];
        sums[c, i * d + j] = sum;
        sums[c, j * d + i] = sum;
      }
    }
  }
  return sums;
}

void add_to_diagonal(Matrix<double>& covariances, std::size_t d, double value) {
  for (std::size_t c = 0; c < covariances.rows(); ++c) {
    for (std::size_t t = 0; t < d; ++t) covariances[c, t * d + t] += value;
  }
}

void set_axes(GaussianMixture& mixture, const Matrix<double>& sums, std::span<const double> counts,
              std::span<const double> origin, double reg_covar) {
  const std::size_t d = mixture.dimension();
  const bool is_spherical = mixture.type == CovarianceType::spherical;
  mixture.covariances = Matrix<double>(counts.size(), is_spherical ? 1 : d);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    for (std::size_t t = 0; t < d; ++t) {
      const double mean = mixture.means[c, t] - origin[t];
      const double variance = std::max(0.0, sums[c, d + t] / counts[c] - mean * mean) + reg_covar;
      if (is_spherical) {
        mixture.covariances[c, 0] += variance / static_cast<double>(d);
      } else {
        mixture.covariances[c, t] = variance;
      }
    }
  }
}

/// Mean of all rows by their shares: a good origin for sums of squares.
std::vector<double> mean_row(MatrixView<const float> x) {
  std::vector<double> mean(x.cols(), 0.0);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t t = 0; t < x.cols(); ++t) mean[t] += static_cast<double>(x[row, t]);
  }
  for (double& value : mean) value /= static_cast<double>(x.rows());
  return mean;
}

/// All scatters in one: that of the rows around their mean less that of the means.
Result<void> set_tied(GaussianMixture& mixture, MatrixView<const float> x,
                      MatrixView<const double> shares, RunContext& run) {
  const std::size_t d = x.cols();
  TG_TRY(Matrix<double> each, scatters(x, shares, mixture.means, run));
  double total = 0;
  for (std::size_t row = 0; row < shares.rows(); ++row) {
    for (const double share : shares.row(row)) total += share;
  }
  mixture.covariances = Matrix<double>(1, d * d);
  for (std::size_t c = 0; c < each.rows(); ++c) {
    for (std::size_t i = 0; i < d * d; ++i) mixture.covariances[0, i] += each[c, i];
  }
  for (std::size_t i = 0; i < d * d; ++i) mixture.covariances[0, i] /= total;
  return {};
}

}  // namespace

Result<GaussianMixture> estimate_mixture(MatrixView<const float> x, MatrixView<const double> shares,
                                         CovarianceType type, double reg_covar, RunContext& run) {
  hold_blas_to_one_thread();
  const std::size_t d = x.cols();
  const std::size_t k = shares.cols();
  const bool has_axes = type == CovarianceType::diag || type == CovarianceType::spherical;
  const std::vector<double> origin = mean_row(x);
  TG_TRY(const Matrix<double> sums, weighted_sums(x, shares, origin, has_axes, run));
  // As the peer: a component without points has a count that can be divided by.
  std::vector<double> counts(k, 10 * std::numeric_limits<double>::epsilon());
  for (std::size_t row = 0; row < shares.rows(); ++row) {
    for (std::size_t c = 0; c < k; ++c) counts[c] += shares[row, c];
  }
  GaussianMixture mixture;
  mixture.type = type;
  mixture.means = Matrix<double>(k, d);
  double total = 0;
  for (const double count : counts) total += count;
  for (std::size_t c = 0; c < k; ++c) {
    mixture.weights.push_back(counts[c] / total);
    for (std::size_t t = 0; t < d; ++t) mixture.means[c, t] = sums[c, t] / counts[c] + origin[t];
  }
  if (has_axes) {
    set_axes(mixture, sums, counts, origin, reg_covar);
    return mixture;
  }
  if (type == CovarianceType::tied) {
    TG_TRY(set_tied(mixture, x, shares, run));
  } else {
    TG_TRY(mixture.covariances, scatters(x, shares, mixture.means, run));
    for (std::size_t c = 0; c < k; ++c) {
      for (double& value : mixture.covariances.row(c)) value /= counts[c];
    }
  }
  add_to_diagonal(mixture.covariances, d, reg_covar);
  return mixture;
}

}  // namespace topograph::detail
