#include "cluster/mixture_estimate.hpp"

#include <cblas.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/blas.hpp"

// A pass reads a chunk of rows once: its features are filled, the densities give the shares, and
// the products of shares and features are added to the sums, all while the chunk is in the cache.
// full keeps the shares, because its scatter matrices are taken around the new means. tied needs no
// scatters: sum of share (x - mu)(x - mu)' = sum of weight x x', which never changes, less sum of
// count mu mu'.
namespace topograph::detail {
namespace {

constexpr std::size_t kChunk = 256;    // Rows of a chunk at most.
constexpr double kNegligible = 1e-18;  // Shares below are left out of scatters.

// At most 16 partial sums, whatever the number of rows.
std::size_t row_grain(std::size_t n) { return std::max<std::size_t>(1024, (n + 15) / 16); }

// The features of a chunk stay in the second-level cache.
std::size_t chunk_rows(std::size_t n_features) {
  return std::clamp<std::size_t>(49152 / n_features / 8 * 8, 16, kChunk);
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

void set_axes(GaussianMixture& mixture, const MixtureSums& sums, std::span<const double> counts,
              std::span<const double> origin, double reg_covar) {
  const std::size_t d = mixture.dimension();
  const bool is_spherical = mixture.type == CovarianceType::spherical;
  const std::size_t n_variances = is_spherical ? 1 : d;
  mixture.covariances = Matrix<double>(counts.size(), n_variances);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const auto variances = mixture.covariances.row(c);
    for (std::size_t t = 0; t < n_variances; ++t) variances[t] = sums.features[c, t] / counts[c];
    for (std::size_t t = 0; t < d; ++t) {
      const double mean = mixture.means[c, t] - origin[t];
      variances[is_spherical ? 0 : t] -= mean * mean;
    }
    const double parts = is_spherical ? static_cast<double>(d) : 1.0;
    for (double& variance : variances) variance = std::max(0.0, variance) / parts + reg_covar;
  }
}

/// Adds shares' * features to sums (k, width). Where most shares are negligible, components are far
/// apart: the rows of each are picked out.
void add_products(MatrixView<const double> shares, MatrixView<const double> features,
                  std::span<double> sums) {
  const std::size_t k = shares.cols();
  const std::size_t width = features.cols();
  std::size_t n_shares = 0;
  for (const double share : std::span(shares.data(), shares.rows() * k)) {
    n_shares += share > kNegligible ? 1U : 0U;
  }
  if (2 * n_shares > shares.rows() * k) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, narrow<int>(k), narrow<int>(width),
                narrow<int>(shares.rows()), 1.0, shares.data(), narrow<int>(k), features.data(),
                narrow<int>(width), 1.0, sums.data(), narrow<int>(width));
    return;
  }
  std::vector<std::int32_t> rows(shares.rows());
  std::vector<double> weights(shares.rows());
  for (std::size_t c = 0; c < k; ++c) {
    std::size_t n = 0;
    for (std::size_t r = 0; r < shares.rows(); ++r) {
      rows[n] = static_cast<std::int32_t>(r);
      weights[n] = shares[r, c];
      n += weights[n] > kNegligible ? 1U : 0U;
    }
    kernels::active().add_rows(features.data(), {rows.data(), weights.data(), n, features.stride(),
                                                 width, sums.data() + c * width});
  }
}

/// Mean of all rows: a good origin for sums of squares.
std::vector<double> mean_row(MatrixView<const float> x) {
  std::vector<double> mean(x.cols(), 0.0);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t t = 0; t < x.cols(); ++t) mean[t] += static_cast<double>(x[row, t]);
  }
  for (double& value : mean) value /= static_cast<double>(x.rows());
  return mean;
}

}  // namespace

Result<MixtureRows> MixtureRows::make(MatrixView<const float> x,
                                      std::span<const std::int32_t> weights,
                                      std::vector<std::int32_t> labels, std::size_t k,
                                      CovarianceType type, RunContext& run) {
  hold_blas_to_one_thread();
  MixtureRows rows;
  rows.x_ = x;
  rows.weights_ = weights;
  rows.hints_ = std::move(labels);
  rows.features_ = {type, mean_row(x)};
  rows.k_ = k;
  for (std::size_t row = 0; row < x.rows(); ++row) rows.total_weight_ += rows.weight(row);
  if (type == CovarianceType::full) rows.shares_ = Matrix<double>(x.rows(), k);
  if (type == CovarianceType::tied) {
    TG_TRY(rows.add_scatter_of_rows(run));
  }
  return rows;
}

Result<void> MixtureRows::add_scatter_of_rows(RunContext& run) {
  Matrix<double> one_share(x_.rows(), 1);
  for (std::size_t row = 0; row < x_.rows(); ++row) one_share[row, 0] = weight(row);
  Matrix<double> origin(1, x_.cols());
  std::ranges::copy(features_.origin, origin.row(0).begin());
  TG_TRY(scatter_, scatters(x_, one_share.view(), origin, run));
  return {};
}

/// Fills the shares of rows that begin at `begin`; returns their sum of weight * log probability.
double MixtureRows::share_rows(const MixtureDensity* density, MatrixView<const double> features,
                               std::size_t begin, MatrixView<double> shares) {
  const std::size_t count = features.rows();
  const std::span<std::int32_t> hints = std::span(hints_).subspan(begin, count);
  double log_sum = 0;
  if (density == nullptr) {
    for (std::size_t r = 0; r < count; ++r) {
      std::ranges::fill(shares.row(r), 0.0);
      shares[r, idx(hints[r])] = weight(begin + r);
    }
    return log_sum;
  }
  std::array<double, kChunk> sums{};
  density->log_probabilities(features, hints, shares);
  share_out(shares, std::span(sums).first(count), hints);
  for (std::size_t r = 0; r < count; ++r) log_sum += weight(begin + r) * sums[r];
  for (std::size_t r = 0; r < count && !weights_.empty(); ++r) {
    for (double& share : shares.row(r)) share *= weight(begin + r);
  }
  return log_sum;
}

Result<MixtureSums> MixtureRows::pass(const MixtureDensity* density, RunContext& run) {
  const std::size_t width = features_.size();
  const std::size_t grain = row_grain(x_.rows());
  const std::size_t chunk = chunk_rows(width);
  // For every block the sums, behind them the counts and the sum of logarithms.
  Matrix<double> partial(block_count(x_.rows(), grain), k_ * width + k_ + 1);
  TG_TRY(parallel_blocks(run, x_.rows(), grain, [&](const Block& block) {
    Matrix<double> features(chunk, width);
    Matrix<double> own_shares(chunk, k_);
    const auto sums = partial.row(block.index);
    for (std::size_t begin = block.begin; begin < block.end; begin += chunk) {
      const std::size_t count = std::min(chunk, block.end - begin);
      const auto rows = features.view().rows(0, count);
      const auto shares = shares_.empty() ? own_shares.view().rows(0, count)
                                          : shares_.view().rows(begin, begin + count);
      features_.fill(x_.rows(begin, begin + count), rows);
      sums.back() += share_rows(density, rows, begin, shares);
      add_products(shares, rows, sums.first(k_ * width));
      double* counts = sums.data() + k_ * width;
      for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t c = 0; c < k_; ++c) counts[c] += shares[r, c];
      }
    }
  }));
  MixtureSums out{Matrix<double>(k_, width), std::vector<double>(k_, 0.0), 0};
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t i = 0; i < k_ * width; ++i) out.features.data()[i] += partial[b, i];
    for (std::size_t c = 0; c < k_; ++c) out.counts[c] += partial[b, k_ * width + c];
    out.log_sum += partial[b, k_ * width + k_];
  }
  if (density != nullptr && features_.type == CovarianceType::tied) {
    out.log_sum += density->sum_of_row_terms(scatter_.row(0));
  }
  return out;
}

Result<GaussianMixture> MixtureRows::estimate(const MixtureSums& sums, double reg_covar,
                                              RunContext& run) const {
  const std::size_t d = x_.cols();
  const std::size_t before = features_.size() - d;
  // As the peer: a component without points has a count that can be divided by.
  std::vector<double> counts = sums.counts;
  double total = 0;
  for (double& count : counts) {
    count += 10 * std::numeric_limits<double>::epsilon();
    total += count;
  }
  GaussianMixture mixture;
  mixture.type = features_.type;
  mixture.means = Matrix<double>(k_, d);
  for (std::size_t c = 0; c < k_; ++c) {
    mixture.weights.push_back(counts[c] / total);
    for (std::size_t t = 0; t < d; ++t) {
      mixture.means[c, t] = sums.features[c, before + t] / counts[c] + features_.origin[t];
    }
  }
  switch (features_.type) {
    case CovarianceType::full: TG_TRY(set_full(mixture, counts, run)); break;
    case CovarianceType::tied: set_tied(mixture, counts); break;
    default: set_axes(mixture, sums, counts, features_.origin, reg_covar); return mixture;
  }
  for (std::size_t c = 0; c < mixture.covariances.rows(); ++c) {
    for (std::size_t t = 0; t < d; ++t) mixture.covariances[c, t * d + t] += reg_covar;
  }
  return mixture;
}

Result<void> MixtureRows::set_full(GaussianMixture& mixture, std::span<const double> counts,
                                   RunContext& run) const {
  TG_TRY(mixture.covariances, scatters(x_, shares_.view(), mixture.means, run));
  for (std::size_t c = 0; c < k_; ++c) {
    for (double& value : mixture.covariances.row(c)) value /= counts[c];
  }
  return {};
}

void MixtureRows::set_tied(GaussianMixture& mixture, std::span<const double> counts) const {
  const std::size_t d = x_.cols();
  double total = 0;
  for (const double count : counts) total += count;
  mixture.covariances = scatter_;
  double* covariance = mixture.covariances.data();
  std::vector<double> mean(d);
  for (std::size_t c = 0; c < k_; ++c) {
    for (std::size_t t = 0; t < d; ++t) mean[t] = mixture.means[c, t] - features_.origin[t];
    for (std::size_t i = 0; i < d; ++i) {
      const double scaled = counts[c] * mean[i];
      for (std::size_t j = 0; j < d; ++j) covariance[i * d + j] -= scaled * mean[j];
    }
  }
  for (std::size_t i = 0; i < d * d; ++i) covariance[i] /= total;
}

}  // namespace topograph::detail
