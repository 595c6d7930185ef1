#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class CovarianceType : std::uint8_t { full, tied, diag, spherical };
template <>
struct EnumNames<CovarianceType> {
  static constexpr std::array<std::string_view, 4> names{"full", "tied", "diag", "spherical"};
};

struct GaussianMixtureOptions {
  int n_components = 8;
  CovarianceType covariance_type = CovarianceType::full;
  double tol = 1e-3;
  double reg_covar = 1e-6;
  int max_iter = 100;
  int n_init = 1;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_components", s.n_components, at_least(1), "Number of components.");
    visit_search(s, v);
  }
  /// All but the number of clusters.
  template <class Self, class V>
  static constexpr void visit_search(Self& s, V&& v) {
    v("covariance_type", s.covariance_type, any_value(),
      "full: any ellipsoid each; tied: one ellipsoid for all; diag: along the axes; spherical: "
      "balls.");
    v("tol", s.tol, at_least(0), "A start ends when the mean log-likelihood gains less than this.");
    v("reg_covar", s.reg_covar, at_least(0),
      "Added to every variance; larger keeps components from collapsing.");
    v("max_iter", s.max_iter, at_least(1), "Passes of one start.");
    v("n_init", s.n_init, at_least(1), "k-means starts; the most likely result is kept.");
  }
};

/// Components of a mixture. Those below `n_labels` are the most likely one of some point.
struct GaussianMixture {
  CovarianceType type = CovarianceType::full;
  std::vector<double> weights = {};  ///< (k), sum 1.
  Matrix<double> means = {};         ///< (k, d)
  /// full (k, d d), tied (1, d d), diag (k, d), spherical (k, 1).
  Matrix<double> covariances = {};
  std::int32_t n_labels = 0;

  [[nodiscard]] std::size_t size() const { return weights.size(); }
  [[nodiscard]] std::size_t dimension() const { return means.cols(); }
};

struct GaussianMixtureResult {
  Clustering clusters = {};  ///< `strength` is the probability of the point's label.
  GaussianMixture mixture = {};
  double lower_bound = 0;     ///< Mean log-likelihood before the last update, as the peer's.
  double log_likelihood = 0;  ///< Mean over the points.
  double bic = 0;
  double aic = 0;
  int n_iter = 0;
  bool has_converged = false;
};

/// Fits a mixture of normal distributions to x (n, d) by expectation-maximisation from k-means
/// clusters. Labels are numbered by size; there may be fewer components than asked for: never more
/// than different points.
///
/// @param weights       Copies of each point (folded duplicates); empty: 1.
/// @param start_labels  Cluster of every point to begin with (0 .. k-1, all used), or empty: they
///                      replace `n_components`, `n_init` and the k-means start.
/// @error          invalid_argument: options out of range, a value that is not finite (first row
///                 named), no points, a singular covariance (raise `reg_covar`); cancelled.
/// @determinism    The same seed gives the same bits for any thread count.
/// @cost           A pass: O(n k d) for diag and spherical, O(n k d^2) for tied and full, less
///                 where components are far apart; O(n k + k d^2) memory.
/// @source         Dempster, Laird & Rubin 1977.
/// @peer           scikit-learn 1.9.1 `GaussianMixture` (golden test: the same start gives the same
///                 mixture); differs: float64 whatever the type of x.
[[nodiscard]] Result<GaussianMixtureResult> gaussian_mixture(
    MatrixView<const float> x, std::span<const std::int32_t> weights,
    std::span<const std::int32_t> start_labels, const GaussianMixtureOptions& options,
    RunContext& run);

struct MixturePrediction {
  std::vector<std::int32_t> labels = {};    ///< The most likely component below `n_labels`.
  std::vector<float> strength = {};         ///< Its probability.
  std::vector<double> log_likelihood = {};  ///< Of each point.
  Matrix<float> probabilities = {};         ///< (m, k)
};

/// Probabilities of the components for points (m, d).
/// @error       invalid_argument: another width, a value that is not finite (first row named), a
///              singular covariance.
/// @determinism Bit-identical for any thread count and any batch a row comes in.
[[nodiscard]] Result<MixturePrediction> predict_mixture(const GaussianMixture& mixture,
                                                        MatrixView<const float> points,
                                                        RunContext& run);

struct MixtureSample {
  Matrix<float> points = {};                  ///< (n, d)
  std::vector<std::int32_t> components = {};  ///< Each point's component.
};

/// n points drawn from the mixture; point i depends on the seed and i only.
/// @error invalid_argument: a singular covariance.
[[nodiscard]] Result<MixtureSample> sample_mixture(const GaussianMixture& mixture, std::size_t n,
                                                   RunContext& run);

/// Free parameters of the mixture, as BIC and AIC count them.
[[nodiscard]] std::int64_t n_parameters(const GaussianMixture& mixture);

}  // namespace topograph
