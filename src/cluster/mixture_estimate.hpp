#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/mixture_density.hpp"
#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// What an update needs to know about the rows and their shares.
struct MixtureSums {
  Matrix<double> features = {};     ///< (k, n_features): sum over the rows of share * features.
  std::vector<double> counts = {};  ///< (k): sum of the shares.
  double log_sum = 0;               ///< Sum over the rows of weight * log probability.
};

/// The rows of a fit: a pass over them gives the sums, and the sums give the next mixture.
class MixtureRows {
 public:
  /// @param labels  Cluster of every row to begin with, 0 .. k-1.
  [[nodiscard]] static Result<MixtureRows> make(MatrixView<const float> x,
                                                std::span<const std::int32_t> weights,
                                                std::vector<std::int32_t> labels, std::size_t k,
                                                CovarianceType type, RunContext& run);

  /// Sums of the shares under this mixture, or (null) of those that the labels give.
  [[nodiscard]] Result<MixtureSums> pass(const MixtureDensity* density, RunContext& run);

  /// The mixture that makes the shares of the last pass most likely.
  [[nodiscard]] Result<GaussianMixture> estimate(const MixtureSums& sums, double reg_covar,
                                                 RunContext& run) const;

  [[nodiscard]] const MixtureFeatures& features() const { return features_; }
  [[nodiscard]] double total_weight() const { return total_weight_; }

 private:
  [[nodiscard]] double weight(std::size_t row) const {
    return weights_.empty() ? 1.0 : static_cast<double>(weights_[row]);
  }
  [[nodiscard]] Result<void> add_scatter_of_rows(RunContext& run);
  [[nodiscard]] double share_rows(const MixtureDensity* density, MatrixView<const double> features,
                                  std::size_t begin, MatrixView<double> shares);
  [[nodiscard]] Result<void> set_full(GaussianMixture& mixture, std::span<const double> counts,
                                      RunContext& run) const;
  void set_tied(GaussianMixture& mixture, std::span<const double> counts) const;

  MatrixView<const float> x_ = {};
  std::span<const std::int32_t> weights_ = {};
  std::vector<std::int32_t> hints_ = {};
  MixtureFeatures features_ = {};
  std::size_t k_ = 0;
  double total_weight_ = 0;
  Matrix<double> shares_ = {};   ///< full: (n, k)
  Matrix<double> scatter_ = {};  ///< tied: (1, d d), of all rows around the origin.
};

}  // namespace topograph::detail
