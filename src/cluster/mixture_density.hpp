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

/// What a row contributes to densities and to the sums of an update: x for ellipsoids, (x^2, x) for
/// diag, (|x|^2, x) for spherical, relative to an origin near the rows.
struct MixtureFeatures {
  CovarianceType type = CovarianceType::full;
  std::vector<double> origin = {};  ///< (d)

  [[nodiscard]] std::size_t size() const;
  /// @param out  (at least x.rows(), size())
  void fill(MatrixView<const float> x, MatrixView<double> out) const;
};

/// Evaluates log(weight * density) of every component.
class MixtureDensity {
 public:
  /// @error invalid_argument naming reg_covar when a covariance is singular.
  [[nodiscard]] static Result<MixtureDensity> make(const GaussianMixture& mixture,
                                                   MixtureFeatures features, RunContext& run);

  /// Fills out (n, k) for rows of features, but for a term of the row alone (`row_terms`).
  /// Components that are e^-45 times as likely as the best one or less may be minus infinity: their
  /// share is below the rounding of the sum.
  ///
  /// @param hints  A likely component of every row, or empty; it only changes the speed.
  void log_probabilities(MatrixView<const double> features, std::span<const std::int32_t> hints,
                         MatrixView<double> out) const;

  /// What is to be added to all log probabilities of each row: (rows), 0 unless tied.
  [[nodiscard]] std::vector<double> row_terms(MatrixView<const double> features) const;

  /// Tied: the sum of the row terms of rows with this scatter around the origin (d d).
  [[nodiscard]] double sum_of_row_terms(std::span<const double> scatter) const;

  [[nodiscard]] const MixtureFeatures& features() const { return features_; }

 private:
  struct Scratch;
  MixtureDensity() = default;
  [[nodiscard]] Result<void> add_ellipsoids(const GaussianMixture& mixture, RunContext& run);
  void add_offsets(const GaussianMixture& mixture);
  void add_discriminants(const GaussianMixture& mixture);
  [[nodiscard]] Result<void> add_axes(const GaussianMixture& mixture);
  void evaluate_products(MatrixView<const double> rows, MatrixView<double> out) const;
  void evaluate_ellipsoid(std::size_t component, MatrixView<const double> rows, bool may_stop,
                          Scratch& scratch, MatrixView<double> out) const;
  [[nodiscard]] double factor_entry(std::size_t factor, std::size_t t, std::size_t j) const;

  std::size_t k_ = 0;
  std::size_t d_ = 0;
  MixtureFeatures features_ = {};
  std::vector<double> constant_ = {};  ///< What does not depend on the row, of each component.
  /// full, tied: panels of the inverse factors' columns, (factors, panels * d * 16).
  Matrix<double> factors_ = {};
  Matrix<double> offsets_ = {};  ///< full: (components, padded d), the projected means.
  /// The others: panels of the weights of features in the log probability, (panels, features * 16).
  Matrix<double> products_ = {};
};

/// Turns log probabilities (n, k) into shares that sum to 1 in every row.
/// @param sums         Out (n): log of the sum of exp of each row.
/// @param most_likely  Out (n): the first largest of each row.
void share_out(MatrixView<double> values, std::span<double> sums,
               std::span<std::int32_t> most_likely);

}  // namespace topograph::detail
