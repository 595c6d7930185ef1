#include "cluster/mixture_density.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>

#include "kernels/kernels.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/blas.hpp"

// LAPACK, which OpenBLAS contains but <cblas.h> does not declare.
extern "C" {
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dtrtri_(const char* uplo, const char* diag, const int* n, double* a, const int* lda,
             int* info);
}

// log N(x; mu, C) = -(d log 2 pi + |(x - mu)' P|^2) / 2 + sum log P_jj with C = U' U, P = U^-1,
// which is upper triangular: column j needs the first j + 1 values of a row only. The squares add
// up column after column, so a component that has fallen hopelessly behind the best one of a row is
// given up half-way. Axes (diag, spherical): sum of (x - mu)^2 / v = [x^2, x] . [1/v, -2 mu / v] +
// sum mu^2 / v, sixteen components at a time.
namespace topograph::detail {
namespace {

constexpr std::size_t kColumns = kernels::center_columns;
constexpr std::size_t kRows = kernels::center_rows;
constexpr double kHopeless = 45;  // e^-45 is below the rounding of 1, many times over.

std::unexpected<Error> singular(std::size_t component) {
  return input_error(ErrorCode::invalid_argument, "component " + std::to_string(component),
                     "its covariance is singular: too few or equal points, or columns that depend "
                     "on each other",
                     "raise reg_covar, or ask for fewer components or another covariance_type");
}

std::size_t padded(std::size_t n) { return block_count(n, kColumns) * kColumns; }

}  // namespace

bool factor_covariance(std::span<double> covariance, std::size_t d) {
  hold_blas_to_one_thread();
  const int n = narrow<int>(d);
  int info = 0;
  dpotrf_("U", &n, covariance.data(), &n, &info);
  return info == 0;
}

Result<MixtureDensity> MixtureDensity::make(const GaussianMixture& mixture, RunContext& run) {
  MixtureDensity made;
  made.k_ = mixture.size();
  made.d_ = mixture.dimension();
  made.origin_.assign(made.d_, 0.0);
  for (std::size_t c = 0; c < made.k_; ++c) {
    for (std::size_t t = 0; t < made.d_; ++t) {
      made.origin_[t] += mixture.weights[c] * mixture.means[c, t];
    }
    made.constant_.push_back(std::log(mixture.weights[c]) -
                             0.5 * static_cast<double>(made.d_) * std::log(2 * std::numbers::pi));
  }
  made.has_axes_ =
      mixture.type == CovarianceType::diag || mixture.type == CovarianceType::spherical;
  if (made.has_axes_) {
    TG_TRY(made.add_axes(mixture));
  } else {
    TG_TRY(made.add_ellipsoids(mixture, run));
  }
  return made;
}

Result<void> MixtureDensity::add_ellipsoids(const GaussianMixture& mixture, RunContext& run) {
  const std::size_t n_factors = mixture.covariances.rows();
  panels_ = Matrix<double>(n_factors, padded(d_) * d_);
  offsets_ = Matrix<double>(k_, padded(d_));
  std::vector<double> log_determinant(n_factors, 0.0);
  const int n = narrow<int>(d_);
  TG_TRY(parallel_blocks(run, n_factors, 1, [&](const Block& block) -> Result<void> {
    const auto covariance = mixture.covariances.row(block.begin);
    std::vector<double> factor(covariance.begin(), covariance.end());
    int info = 0;
    if (!factor_covariance(factor, d_)) return singular(block.begin);
    dtrtri_("U", "N", &n, factor.data(), &n, &info);
    if (info != 0) return singular(block.begin);
    const auto panels = panels_.row(block.begin);
    for (std::size_t j = 0; j < d_; ++j) {
      log_determinant[block.begin] += std::log(factor[j * d_ + j]);
      double* panel = panels.data() + j / kColumns * d_ * kColumns;
      for (std::size_t t = 0; t <= j; ++t) panel[t * kColumns + j % kColumns] = factor[j * d_ + t];
    }
    return {};
  }));
  for (std::size_t c = 0; c < k_; ++c) {
    const std::size_t factor = n_factors == 1 ? 0 : c;
    constant_[c] += log_determinant[factor];
    for (std::size_t j = 0; j < d_; ++j) {
      const double* panel = panels_.row(factor).data() + j / kColumns * d_ * kColumns;
      double sum = 0;
      for (std::size_t t = 0; t <= j; ++t) {
        sum += (mixture.means[c, t] - origin_[t]) * panel[t * kColumns + j % kColumns];
      }
      offsets_[c, j] = sum;
    }
  }
  return {};
}

Result<void> MixtureDensity::add_axes(const GaussianMixture& mixture) {
  panels_ = Matrix<double>(padded(k_) / kColumns, 2 * d_ * kColumns);
  for (std::size_t c = 0; c < k_; ++c) {
    const auto panel = panels_.row(c / kColumns);
    for (std::size_t t = 0; t < d_; ++t) {
      const double variance = mixture.covariances[c, mixture.type == CovarianceType::diag ? t : 0];
      if (!(variance > 0)) return singular(c);
      const double mean = mixture.means[c, t] - origin_[t];
      panel[t * kColumns + c % kColumns] = 1 / variance;
      panel[(d_ + t) * kColumns + c % kColumns] = -2 * mean / variance;
      constant_[c] -= 0.5 * (std::log(variance) + mean * mean / variance);
    }
  }
  return {};
}

/// Rows that are still in the running for a component, and what their squares add up to.
struct MixtureDensity::Scratch {
  std::vector<std::int32_t> rows = {};
  std::vector<double> squares = {};
  std::vector<double> best = {};  ///< Per row of the block, over the components seen so far.
};

void MixtureDensity::evaluate_ellipsoid(std::size_t component, const Matrix<double>& rows,
                                        bool may_stop, Scratch& scratch,
                                        MatrixView<double> out) const {
  const std::size_t factor = panels_.rows() == 1 ? 0 : component;
  std::array<const double*, kRows> pointers{};
  Matrix<double> products(kRows, kColumns);
  scratch.squares.assign(scratch.rows.size(), 0.0);
  for (std::size_t first = 0; first < d_ && !scratch.rows.empty(); first += kColumns) {
    const double* panel = panels_.row(factor).data() + first * d_;
    const std::size_t depth = std::min(d_, first + kColumns);
    std::size_t n_left = 0;
    for (std::size_t begin = 0; begin < scratch.rows.size(); begin += kRows) {
      const std::size_t count = std::min(kRows, scratch.rows.size() - begin);
      for (std::size_t r = 0; r < kRows; ++r) {
        pointers[r] = rows.row(idx(scratch.rows[begin + std::min(r, count - 1)])).data();
      }
      kernels::active().multiply_panel({pointers.data(), panel, depth, products.data()});
      for (std::size_t r = 0; r < count; ++r) {
        const std::int32_t row = scratch.rows[begin + r];
        double squares = scratch.squares[begin + r];
        for (std::size_t j = 0; j < kColumns; ++j) {
          const double gap = products[r, j] - offsets_[component, first + j];
          squares += gap * gap;
        }
        if (may_stop && constant_[component] - 0.5 * squares < scratch.best[idx(row)] - kHopeless) {
          continue;
        }
        scratch.rows[n_left] = row;
        scratch.squares[n_left] = squares;
        ++n_left;
      }
    }
    scratch.rows.resize(n_left);
    scratch.squares.resize(n_left);
  }
  for (std::size_t i = 0; i < scratch.rows.size(); ++i) {
    const std::size_t row = idx(scratch.rows[i]);
    const double value = constant_[component] - 0.5 * scratch.squares[i];
    out[row, component] = value;
    scratch.best[row] = std::max(scratch.best[row], value);
  }
}

void MixtureDensity::evaluate_axes(const Matrix<double>& rows, std::size_t n,
                                   MatrixView<double> out) const {
  std::array<const double*, kRows> pointers{};
  Matrix<double> products(kRows, kColumns);
  for (std::size_t begin = 0; begin < n; begin += kRows) {
    const std::size_t count = std::min(kRows, n - begin);
    for (std::size_t r = 0; r < kRows; ++r) {
      pointers[r] = rows.row(begin + std::min(r, count - 1)).data();
    }
    for (std::size_t p = 0; p < panels_.rows(); ++p) {
      kernels::active().multiply_panel(
          {pointers.data(), panels_.row(p).data(), 2 * d_, products.data()});
      const std::size_t first = p * kColumns;
      for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t c = first; c < std::min(k_, first + kColumns); ++c) {
          out[begin + r, c] = constant_[c] - 0.5 * products[r, c - first];
        }
      }
    }
  }
}

void MixtureDensity::log_probabilities(MatrixView<const float> x,
                                       std::span<const std::int32_t> hints,
                                       MatrixView<double> out) const {
  TG_EXPECTS(x.cols() == d_ && out.rows() == x.rows() && out.cols() == k_);
  Matrix<double> rows(x.rows(), has_axes_ ? 2 * d_ : d_);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const auto row = rows.row(r);
    for (std::size_t t = 0; t < d_; ++t) {
      const double moved = static_cast<double>(x[r, t]) - origin_[t];
      if (has_axes_) row[t] = moved * moved;
      row[has_axes_ ? d_ + t : t] = moved;
    }
  }
  if (has_axes_) return evaluate_axes(rows, x.rows(), out);
  Scratch scratch;
  scratch.best.assign(x.rows(), -std::numeric_limits<double>::infinity());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    std::ranges::fill(out.row(r), -std::numeric_limits<double>::infinity());
  }
  const auto is_hinted = [&](std::size_t row, std::size_t c) {
    return !hints.empty() && idx(hints[row]) == c;
  };
  for (const bool may_stop : {false, true}) {
    if (!may_stop && hints.empty()) continue;
    for (std::size_t c = 0; c < k_; ++c) {
      scratch.rows.clear();
      for (std::size_t r = 0; r < x.rows(); ++r) {
        if (is_hinted(r, c) != may_stop) scratch.rows.push_back(narrow<std::int32_t>(r));
      }
      evaluate_ellipsoid(c, rows, may_stop, scratch, out);
    }
  }
}

double log_sum(std::span<const double> values) {
  const double highest = *std::ranges::max_element(values);
  if (!std::isfinite(highest)) return highest;
  double sum = 0;
  for (const double value : values) sum += std::exp(value - highest);
  return highest + std::log(sum);
}

}  // namespace topograph::detail
