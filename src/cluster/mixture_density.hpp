#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// Upper Cholesky factor U with covariance = U' U, in the column-major order of `covariance`
/// (d d values, replaced); false when it is not positive definite.
[[nodiscard]] bool factor_covariance(std::span<double> covariance, std::size_t d);

/// Evaluates log(weight * density) of every component.
class MixtureDensity {
 public:
  /// @error invalid_argument naming reg_covar when a covariance is singular.
  [[nodiscard]] static Result<MixtureDensity> make(const GaussianMixture& mixture, RunContext& run);

  /// Fills out (x.rows(), k) for rows of x. Components that are e^-45 times as likely as the best
  /// one or less may be minus infinity: their share is below the rounding of the sum.
  ///
  /// @param hints  A likely component of every row, or empty; it only changes the speed.
  void log_probabilities(MatrixView<const float> x, std::span<const std::int32_t> hints,
                         MatrixView<double> out) const;

 private:
  struct Scratch;
  MixtureDensity() = default;
  [[nodiscard]] Result<void> add_ellipsoids(const GaussianMixture& mixture, RunContext& run);
  [[nodiscard]] Result<void> add_axes(const GaussianMixture& mixture);
  void evaluate_axes(const Matrix<double>& rows, std::size_t n, MatrixView<double> out) const;
  void evaluate_ellipsoid(std::size_t component, const Matrix<double>& rows, bool may_stop,
                          Scratch& scratch, MatrixView<double> out) const;

  std::size_t k_ = 0;
  std::size_t d_ = 0;
  bool has_axes_ = false;
  std::vector<double> origin_ = {};    ///< Subtracted from rows and means.
  std::vector<double> constant_ = {};  ///< Log weight + log normaliser of each component.
  /// Ellipsoids: panels of the inverse factor's columns, (components, panels * d * 16).
  Matrix<double> panels_ = {};
  Matrix<double> offsets_ = {};  ///< Ellipsoids: (components, padded d), the projected means.
};

/// log of the sum of exp(values); minus infinity when all are.
[[nodiscard]] double log_sum(std::span<const double> values);

}  // namespace topograph::detail
