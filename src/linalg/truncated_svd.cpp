// M is the matrix or its transpose, whichever has fewer rows. Y spans the dominant left space of M:
//   Y = orth(M * Omega),  repeat  Y = orth(M * (M' * Y)),
// then M' * Y is a thin matrix with the same dominant singular values, found through its Gram
// matrix. Only Y, on the smaller side, needs to be made orthonormal.
#include "topograph/linalg/truncated_svd.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <string>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/linalg/dense_products.hpp"
#include "topograph/linalg/sparse_products.hpp"

namespace topograph {
namespace {

// Singular values below this share of the largest are rounding: float32 storage has 2^-24.
constexpr double kRankTolerance = 1e-6;
// The same for the squares, where a basis is made orthonormal (twice, so that the first may be
// rough).
constexpr double kBasisTolerance = 1e-10;

/// Eigenvectors as columns by falling eigenvalue, those above tolerance * largest.
struct Spectrum {
  std::vector<double> values = {};
  Matrix<double> vectors = {};
};

Result<Spectrum> spectrum_of(const Matrix<double>& symmetric, double tolerance) {
  const auto d = narrow<Eigen::Index>(symmetric.rows());
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> view(symmetric.data(), d, d);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(view);
  if (solver.info() != Eigen::Success) {
    return std::unexpected(Error{.code = ErrorCode::internal,
                                 .message = "the eigenvectors of a Gram matrix did not converge"});
  }
  Spectrum spectrum;
  const double largest = d > 0 ? solver.eigenvalues()(d - 1) : 0.0;
  for (Eigen::Index i = d - 1; i >= 0; --i) {
    const double value = solver.eigenvalues()(i);
    if (!(value > 0) || value < tolerance * largest) break;
    spectrum.values.push_back(value);
  }
  spectrum.vectors = Matrix<double>(symmetric.rows(), spectrum.values.size());
  for (std::size_t c = 0; c < spectrum.values.size(); ++c) {
    for (std::size_t r = 0; r < symmetric.rows(); ++r) {
      spectrum.vectors[r, c] =
          solver.eigenvectors()(narrow<Eigen::Index>(r), d - 1 - narrow<Eigen::Index>(c));
    }
  }
  return spectrum;
}

/// Divides column c by the root of value c.
void divide_by_roots(Spectrum& spectrum) {
  for (std::size_t c = 0; c < spectrum.values.size(); ++c) {
    const double scale = 1 / std::sqrt(spectrum.values[c]);
    for (std::size_t r = 0; r < spectrum.vectors.rows(); ++r) spectrum.vectors[r, c] *= scale;
  }
}

/// An orthonormal basis of the columns of y; fewer columns when they depend on each other.
Result<Matrix<float>> orthonormal_basis(Matrix<float> y, RunContext& run) {
  for (int pass = 0; pass < 2 && y.cols() > 0; ++pass) {
    TG_TRY(const auto products, gram(y.view(), {}, run));
    TG_TRY(auto spectrum, spectrum_of(products, kBasisTolerance));
    divide_by_roots(spectrum);
    TG_TRY(y, multiply(y.view(), spectrum.vectors, run));
  }
  return y;
}

/// Random signs: as good a start as normal numbers, and 64 of them cost one draw.
Matrix<float> random_signs(std::size_t rows, std::size_t cols, RandomKey key) {
  Matrix<float> signs(rows, cols);
  for (std::size_t r = 0; r < rows; ++r) {
    std::uint64_t bits = 0;
    for (std::size_t c = 0; c < cols; ++c) {
      if (c % 64 == 0) bits = random_bits(key, r, c / 64);
      signs[r, c] = ((bits >> (c % 64)) & 1U) != 0 ? 1.0F : -1.0F;
    }
  }
  return signs;
}

Result<Matrix<float>> product(const CsrView<float>& x, const Matrix<float>& b, RunContext& run) {
  Matrix<float> out(x.rows(), b.cols());
  TG_TRY(multiply(x, b.view(), out.view(), run));
  return out;
}

void fix_signs(Matrix<float>& loadings) {
  for (std::size_t c = 0; c < loadings.cols(); ++c) {
    float extreme = 0;
    for (std::size_t r = 0; r < loadings.rows(); ++r) {
      if (std::abs(loadings[r, c]) > std::abs(extreme)) extreme = loadings[r, c];
    }
    if (extreme >= 0) continue;
    for (std::size_t r = 0; r < loadings.rows(); ++r) loadings[r, c] = -loadings[r, c];
  }
}

Result<void> check(const CsrView<float>& x, const TruncatedSvdOptions& options) {
  const std::size_t limit = std::min(x.rows(), x.cols());
  if (options.n_components < 1 || options.n_components > limit) {
    return option_error("n_components", "expected 1 to " + std::to_string(limit) +
                                            " (the smaller side of the matrix), found " +
                                            std::to_string(options.n_components));
  }
  if (std::ranges::all_of(x.values, [](float value) { return std::isfinite(value); })) return {};
  return input_error(ErrorCode::invalid_argument, "matrix",
                     "expected finite numbers, found NaN or infinity");
}

}  // namespace

Result<TruncatedSvd> truncated_svd(const CsrView<float>& x, const TruncatedSvdOptions& options,
                                   RunContext& run) {
  TG_TRY(check(x, options));
  const Csr<float> turned = transpose(x);
  const bool is_wide = x.rows() <= x.cols();
  const CsrView<float> m = is_wide ? x : turned.view();
  const CsrView<float> m_turned = is_wide ? turned.view() : x;
  const std::size_t n_directions = std::min(options.n_components + options.n_oversamples, m.rows());

  const RandomKey key = random_key(run.seed(), "linalg.truncated_svd");
  TG_TRY(auto y, product(m, random_signs(m.cols(), n_directions, key), run));
  TG_TRY(y, orthonormal_basis(std::move(y), run));
  const std::size_t k = options.n_components;
  TruncatedSvd svd{Matrix<float>(x.cols(), k), std::vector<double>(k, 0.0)};
  if (y.cols() == 0) return svd;  // Nothing but zeros.
  for (std::size_t i = 0; i < options.n_iterations; ++i) {
    TG_TRY(const auto z, product(m_turned, y, run));
    TG_TRY(y, product(m, z, run));
    TG_TRY(y, orthonormal_basis(std::move(y), run));
  }
  TG_TRY(const auto z, product(m_turned, y, run));
  TG_TRY(const auto products, gram(z.view(), {}, run));
  TG_TRY(auto spectrum, spectrum_of(products, kRankTolerance * kRankTolerance));

  const std::size_t n_found = std::min(k, spectrum.values.size());
  for (std::size_t c = 0; c < n_found; ++c) svd.singular_values[c] = std::sqrt(spectrum.values[c]);
  // The loadings are right vectors of x: right ones of M, or its left ones when M is transposed.
  if (is_wide) divide_by_roots(spectrum);
  TG_TRY(const auto found, multiply((is_wide ? z : y).view(), spectrum.vectors, run));
  for (std::size_t r = 0; r < found.rows(); ++r) {
    std::copy_n(found.row(r).begin(), n_found, svd.loadings.row(r).begin());
  }
  fix_signs(svd.loadings);
  return svd;
}

}  // namespace topograph
