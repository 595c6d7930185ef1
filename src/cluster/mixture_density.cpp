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
// which is upper triangular: column j needs the first j + 1 values of a row only. full: the squares
// add up column after column, so a component that has fallen hopelessly behind the best one of a
// row is given up half-way. tied: |(x - mu)' P|^2 = |x' P|^2 - 2 x' w + mu' w with w = P P' mu; the
// first term is the row's own, so that a component costs d products. Axes (diag, spherical): sum of
// (x - mu)^2 / v = [x^2, x] . [1/v, -2 mu / v] + sum mu^2 / v. The latter three take sixteen
// components at a time.
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

/// Eight sums side by side: one alone would wait for itself.
double squared_norm(std::span<const double> row) {
  std::array<double, 8> parts{};
  std::size_t t = 0;
  for (; t + parts.size() <= row.size(); t += parts.size()) {
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += row[t + i] * row[t + i];
  }
  for (; t < row.size(); ++t) parts[t % parts.size()] += row[t] * row[t];
  return std::accumulate(parts.begin(), parts.end(), 0.0);
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

std::size_t MixtureFeatures::size() const {
  switch (type) {
    case CovarianceType::diag: return 2 * origin.size();
    case CovarianceType::spherical: return origin.size() + 1;
    default: return origin.size();
  }
}

void MixtureFeatures::fill(MatrixView<const float> x, MatrixView<double> out) const {
  const std::size_t d = origin.size();
  TG_EXPECTS(x.cols() == d && out.rows() >= x.rows() && out.cols() == size());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    double* moved = out.row(r).data() + (size() - d);
    double* squares = type == CovarianceType::diag ? out.row(r).data() : nullptr;
    kernels::active().widen_row({x.row(r).data(), origin.data(), d, moved, squares});
    if (type != CovarianceType::spherical) continue;
    out[r, 0] = squared_norm({moved, d});
  }
}

Result<MixtureDensity> MixtureDensity::make(const GaussianMixture& mixture,
                                            MixtureFeatures features, RunContext& run) {
  MixtureDensity made;
  made.k_ = mixture.size();
  made.d_ = mixture.dimension();
  made.features_ = std::move(features);
  for (std::size_t c = 0; c < made.k_; ++c) {
    made.constant_.push_back(std::log(mixture.weights[c]) -
                             0.5 * static_cast<double>(made.d_) * std::log(2 * std::numbers::pi));
  }
  switch (mixture.type) {
    case CovarianceType::full:
      TG_TRY(made.add_ellipsoids(mixture, run));
      made.add_offsets(mixture);
      break;
    case CovarianceType::tied:
      TG_TRY(made.add_ellipsoids(mixture, run));
      made.add_discriminants(mixture);
      break;
    default: TG_TRY(made.add_axes(mixture));
  }
  return made;
}

double MixtureDensity::factor_entry(std::size_t factor, std::size_t t, std::size_t j) const {
  return factors_[factor, j / kColumns * d_ * kColumns + t * kColumns + j % kColumns];
}

Result<void> MixtureDensity::add_ellipsoids(const GaussianMixture& mixture, RunContext& run) {
  const std::size_t n_factors = mixture.covariances.rows();
  factors_ = Matrix<double>(n_factors, padded(d_) * d_);
  std::vector<double> log_determinant(n_factors, 0.0);
  const int n = narrow<int>(d_);
  TG_TRY(parallel_blocks(run, n_factors, 1, [&](const Block& block) -> Result<void> {
    const auto covariance = mixture.covariances.row(block.begin);
    std::vector<double> factor(covariance.begin(), covariance.end());
    int info = 0;
    if (!factor_covariance(factor, d_)) return singular(block.begin);
    dtrtri_("U", "N", &n, factor.data(), &n, &info);
    if (info != 0) return singular(block.begin);
    const auto panels = factors_.row(block.begin);
    for (std::size_t j = 0; j < d_; ++j) {
      log_determinant[block.begin] += std::log(factor[j * d_ + j]);
      double* panel = panels.data() + j / kColumns * d_ * kColumns;
      for (std::size_t t = 0; t <= j; ++t) panel[t * kColumns + j % kColumns] = factor[j * d_ + t];
    }
    return {};
  }));
  for (std::size_t c = 0; c < k_; ++c) constant_[c] += log_determinant[n_factors == 1 ? 0 : c];
  return {};
}

void MixtureDensity::add_offsets(const GaussianMixture& mixture) {
  offsets_ = Matrix<double>(k_, padded(d_));
  for (std::size_t c = 0; c < k_; ++c) {
    for (std::size_t j = 0; j < d_; ++j) {
      double sum = 0;
      for (std::size_t t = 0; t <= j; ++t) {
        sum += (mixture.means[c, t] - features_.origin[t]) * factor_entry(c, t, j);
      }
      offsets_[c, j] = sum;
    }
  }
}

void MixtureDensity::add_discriminants(const GaussianMixture& mixture) {
  products_ = Matrix<double>(padded(k_) / kColumns, d_ * kColumns);
  std::vector<double> projected(d_);
  for (std::size_t c = 0; c < k_; ++c) {
    for (std::size_t j = 0; j < d_; ++j) {
      projected[j] = 0;
      for (std::size_t t = 0; t <= j; ++t) {
        projected[j] += (mixture.means[c, t] - features_.origin[t]) * factor_entry(0, t, j);
      }
      constant_[c] -= 0.5 * projected[j] * projected[j];
    }
    const auto panel = products_.row(c / kColumns);
    for (std::size_t t = 0; t < d_; ++t) {
      double weight = 0;
      for (std::size_t j = t; j < d_; ++j) weight += factor_entry(0, t, j) * projected[j];
      panel[t * kColumns + c % kColumns] = weight;
    }
  }
}

Result<void> MixtureDensity::add_axes(const GaussianMixture& mixture) {
  const bool is_diag = mixture.type == CovarianceType::diag;
  const std::size_t n_squares = is_diag ? d_ : 1;
  products_ = Matrix<double>(padded(k_) / kColumns, features_.size() * kColumns);
  for (std::size_t c = 0; c < k_; ++c) {
    double* column = products_.row(c / kColumns).data() + c % kColumns;
    for (std::size_t t = 0; t < d_; ++t) {
      const double variance = mixture.covariances[c, is_diag ? t : 0];
      if (!(variance > 0)) return singular(c);
      const double mean = mixture.means[c, t] - features_.origin[t];
      if (t < n_squares) column[t * kColumns] = -0.5 / variance;
      column[(n_squares + t) * kColumns] = mean / variance;
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

void MixtureDensity::evaluate_ellipsoid(std::size_t component, MatrixView<const double> rows,
                                        bool may_stop, Scratch& scratch,
                                        MatrixView<double> out) const {
  std::array<const double*, kRows> pointers{};
  Matrix<double> products(kRows, kColumns);
  scratch.squares.assign(scratch.rows.size(), 0.0);
  for (std::size_t first = 0; first < d_ && !scratch.rows.empty(); first += kColumns) {
    const double* panel = factors_.row(component).data() + first * d_;
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

void MixtureDensity::evaluate_products(MatrixView<const double> rows,
                                       MatrixView<double> out) const {
  std::array<const double*, kRows> pointers{};
  Matrix<double> products(kRows, kColumns);
  for (std::size_t begin = 0; begin < rows.rows(); begin += kRows) {
    const std::size_t count = std::min(kRows, rows.rows() - begin);
    for (std::size_t r = 0; r < kRows; ++r) {
      pointers[r] = rows.row(begin + std::min(r, count - 1)).data();
    }
    for (std::size_t p = 0; p < products_.rows(); ++p) {
      const std::size_t first = p * kColumns;
      const std::size_t width = std::min(kColumns, k_ - first);
      kernels::active().multiply_panel(
          {pointers.data(), products_.row(p).data(), rows.cols(), products.data(), width});
      for (std::size_t r = 0; r < count; ++r) {
        double* values = out.row(begin + r).data() + first;
        for (std::size_t c = 0; c < width; ++c) values[c] = constant_[first + c] + products[r, c];
      }
    }
  }
}

void MixtureDensity::log_probabilities(MatrixView<const double> rows,
                                       std::span<const std::int32_t> hints,
                                       MatrixView<double> out) const {
  TG_EXPECTS(rows.cols() == features_.size() && out.rows() == rows.rows() && out.cols() == k_);
  if (features_.type != CovarianceType::full) return evaluate_products(rows, out);
  Scratch scratch;
  scratch.best.assign(rows.rows(), -std::numeric_limits<double>::infinity());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    std::ranges::fill(out.row(r), -std::numeric_limits<double>::infinity());
  }
  const auto is_hinted = [&](std::size_t row, std::size_t c) {
    return !hints.empty() && idx(hints[row]) == c;
  };
  for (const bool may_stop : {false, true}) {
    if (!may_stop && hints.empty()) continue;
    for (std::size_t c = 0; c < k_; ++c) {
      scratch.rows.clear();
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (is_hinted(r, c) != may_stop) scratch.rows.push_back(narrow<std::int32_t>(r));
      }
      evaluate_ellipsoid(c, rows, may_stop, scratch, out);
    }
  }
}

std::vector<double> MixtureDensity::row_terms(MatrixView<const double> rows) const {
  std::vector<double> terms(rows.rows(), 0.0);
  if (features_.type != CovarianceType::tied) return terms;
  std::array<const double*, kRows> pointers{};
  Matrix<double> products(kRows, kColumns);
  for (std::size_t begin = 0; begin < rows.rows(); begin += kRows) {
    const std::size_t count = std::min(kRows, rows.rows() - begin);
    for (std::size_t r = 0; r < kRows; ++r) {
      pointers[r] = rows.row(begin + std::min(r, count - 1)).data();
    }
    for (std::size_t first = 0; first < d_; first += kColumns) {
      kernels::active().multiply_panel({pointers.data(), factors_.data() + first * d_,
                                        std::min(d_, first + kColumns), products.data()});
      for (std::size_t r = 0; r < count; ++r) {
        for (const double value : products.row(r)) terms[begin + r] -= 0.5 * value * value;
      }
    }
  }
  return terms;
}

double MixtureDensity::sum_of_row_terms(std::span<const double> scatter) const {
  double sum = 0;
  std::vector<double> column(d_);
  for (std::size_t j = 0; j < d_; ++j) {
    for (std::size_t t = 0; t <= j; ++t) column[t] = factor_entry(0, t, j);
    for (std::size_t t = 0; t <= j; ++t) {
      double product = 0;
      for (std::size_t s = 0; s <= j; ++s) product += scatter[t * d_ + s] * column[s];
      sum -= 0.5 * product * column[t];
    }
  }
  return sum;
}

void share_out(MatrixView<double> values, std::span<double> sums,
               std::span<std::int32_t> most_likely) {
  TG_EXPECTS(values.stride() == values.cols());
  const std::size_t k = values.cols();
  for (std::size_t r = 0; r < values.rows(); ++r) {
    double* row = values.row(r).data();
    std::size_t highest = 0;
    for (std::size_t c = 1; c < k; ++c) highest = row[c] > row[highest] ? c : highest;
    most_likely[r] = static_cast<std::int32_t>(highest);
    sums[r] = row[highest];
    for (std::size_t c = 0; c < k; ++c) row[c] -= sums[r];
  }
  kernels::active().exponentials(values.data(), values.rows() * k);
  for (std::size_t r = 0; r < values.rows(); ++r) {
    double* row = values.row(r).data();
    // Four sums side by side: one alone would wait for itself.
    std::array<double, 4> parts{};
    std::size_t c = 0;
    for (; c + parts.size() <= k; c += parts.size()) {
      for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += row[c + i];
    }
    for (; c < k; ++c) parts[0] += row[c];
    const double sum = (parts[0] + parts[2]) + (parts[1] + parts[3]);
    const double scale = 1 / sum;
    sums[r] += std::log(sum);
    for (std::size_t i = 0; i < k; ++i) row[i] *= scale;
  }
}

}  // namespace topograph::detail
