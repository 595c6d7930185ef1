#include "topograph/cluster/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "cluster/center_panels.hpp"
#include "cluster/kmeans_start.hpp"
#include "cluster/mixture_density.hpp"
#include "cluster/mixture_estimate.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 256;

std::size_t most_likely(std::span<const double> values) {
  return idx(std::ranges::max_element(values) - values.begin());
}

/// One start of the algorithm, from labels 0 .. k-1.
Result<GaussianMixtureResult> climb(MatrixView<const float> x,
                                    std::span<const std::int32_t> weights,
                                    std::vector<std::int32_t> labels, std::size_t k,
                                    const GaussianMixtureOptions& options, RunContext& run) {
  TG_TRY(auto rows,
         detail::MixtureRows::make(x, weights, std::move(labels), k, options.covariance_type, run));
  TG_TRY(auto sums, rows.pass(nullptr, run));
  GaussianMixtureResult result;
  TG_TRY(result.mixture, rows.estimate(sums, options.reg_covar, run));
  double bound = -std::numeric_limits<double>::infinity();
  for (int i = 1; i <= options.max_iter && !result.has_converged; ++i) {
    result.n_iter = i;
    TG_TRY(const auto density, detail::MixtureDensity::make(result.mixture, rows.features(), run));
    TG_TRY(sums, rows.pass(&density, run));
    result.lower_bound = sums.log_sum / rows.total_weight();
    TG_TRY(result.mixture, rows.estimate(sums, options.reg_covar, run));
    result.has_converged = std::abs(result.lower_bound - bound) < options.tol;
    bound = result.lower_bound;
  }
  return result;
}

/// A place near the points of a mixture.
std::vector<double> mean_of_means(const GaussianMixture& mixture) {
  std::vector<double> mean(mixture.dimension(), 0.0);
  for (std::size_t c = 0; c < mixture.size(); ++c) {
    for (std::size_t t = 0; t < mean.size(); ++t) {
      mean[t] += mixture.weights[c] * mixture.means[c, t];
    }
  }
  return mean;
}

/// Components that label points first, by size; then those that do not.
void order_components(GaussianMixture& mixture, std::vector<std::int32_t> order) {
  mixture.n_labels = narrow<std::int32_t>(order.size());
  for (std::size_t c = 0; c < mixture.size(); ++c) {
    if (std::ranges::find(order, narrow<std::int32_t>(c)) == order.end()) {
      order.push_back(narrow<std::int32_t>(c));
    }
  }
  const GaussianMixture old = mixture;
  for (std::size_t c = 0; c < order.size(); ++c) {
    mixture.weights[c] = old.weights[idx(order[c])];
    std::ranges::copy(old.means.row(idx(order[c])), mixture.means.row(c).begin());
    if (old.type == CovarianceType::tied) continue;
    std::ranges::copy(old.covariances.row(idx(order[c])), mixture.covariances.row(c).begin());
  }
}

/// Clusters and likelihoods of the training points under the final mixture.
Result<void> finish(MatrixView<const float> x, std::span<const std::int32_t> weights,
                    GaussianMixtureResult& result, RunContext& run) {
  result.mixture.n_labels = narrow<std::int32_t>(result.mixture.size());
  TG_TRY(auto found, predict_mixture(result.mixture, x, run));
  const auto order = detail::number_by_size(found.labels, weights);
  order_components(result.mixture, order);
  double sum = 0;
  double total = 0;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
    sum += weight * found.log_likelihood[row];
    total += weight;
  }
  const auto parameters = static_cast<double>(n_parameters(result.mixture));
  result.log_likelihood = sum / total;
  result.bic = -2 * sum + parameters * std::log(total);
  result.aic = -2 * sum + 2 * parameters;
  result.clusters.labels = std::move(found.labels);
  result.clusters.strength = std::move(found.strength);
  result.clusters.n_clusters = result.mixture.n_labels;
  return {};
}

Result<std::vector<std::int32_t>> kmeans_labels(MatrixView<const float> x,
                                                std::span<const std::int32_t> weights, int k,
                                                int start, RunContext& run) {
  const RandomKey key =
      random_key(run.seed() + static_cast<std::uint64_t>(start), "mixture.starts");
  TG_TRY(const auto squared, detail::squared_norms(x, run));
  TG_TRY(const auto starts,
         detail::draw_starts(x, squared, weights, idx(k), KMeansInit::kmeans_plus_plus, key, run));
  TG_TRY(auto found, kmeans(x, weights, starts.view(), {}, run));
  return std::move(found.clusters.labels);
}

Result<void> check_labels(std::span<const std::int32_t> labels, std::size_t n) {
  if (labels.empty()) return {};
  std::vector<char> is_used(n, 0);
  std::int32_t highest = -1;
  bool is_valid = labels.size() == n;
  for (const std::int32_t label : labels) {
    is_valid = is_valid && label >= 0 && idx(label) < n;
    if (!is_valid) break;
    is_used[idx(label)] = 1;
    highest = std::max(highest, label);
  }
  for (std::int32_t label = 0; is_valid && label <= highest; ++label) {
    is_valid = is_used[idx(label)] != 0;
  }
  if (is_valid) return {};
  return input_error(ErrorCode::invalid_argument, "start_labels",
                     "expected a label of 0 .. k-1 for every point, each of them used");
}

}  // namespace

Result<GaussianMixtureResult> gaussian_mixture(MatrixView<const float> x,
                                               std::span<const std::int32_t> weights,
                                               std::span<const std::int32_t> start_labels,
                                               const GaussianMixtureOptions& options,
                                               RunContext& run) {
  TG_TRY(validate_options(options, "gaussian_mixture"));
  TG_TRY(detail::check_points(x, "gaussian_mixture", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "gaussian_mixture"));
  if (x.rows() == 0) {
    return input_error(ErrorCode::invalid_argument, "gaussian_mixture",
                       "expected points, found none");
  }
  TG_TRY(check_labels(start_labels, x.rows()));
  const int n_init = start_labels.empty() ? options.n_init : 1;
  Stage stage(run, "gaussian mixture", static_cast<std::uint64_t>(n_init));
  GaussianMixtureResult best;
  for (int i = 0; i < n_init; ++i) {
    std::vector<std::int32_t> labels(start_labels.begin(), start_labels.end());
    if (labels.empty()) {
      TG_TRY(labels, kmeans_labels(x, weights, options.n_components, i, run));
    }
    const std::size_t k = idx(*std::ranges::max_element(labels)) + 1;
    TG_TRY(auto found, climb(x, weights, std::move(labels), k, options, run));
    if (i == 0 || found.lower_bound > best.lower_bound) best = std::move(found);
    stage.advance();
  }
  TG_TRY(finish(x, weights, best, run));
  return best;
}

Result<MixturePrediction> predict_mixture(const GaussianMixture& mixture,
                                          MatrixView<const float> points, RunContext& run) {
  if (mixture.size() == 0 || points.cols() != mixture.dimension()) {
    return input_error(ErrorCode::invalid_argument, "predict",
                       "expected points of " + std::to_string(mixture.dimension()) +
                           " columns and at least one component, found " +
                           std::to_string(points.cols()) + " columns and " +
                           std::to_string(mixture.size()) + " components");
  }
  TG_TRY(detail::check_points(points, "predict", run));
  TG_TRY(const auto density,
         detail::MixtureDensity::make(mixture, {mixture.type, mean_of_means(mixture)}, run));
  MixturePrediction out;
  out.labels.resize(points.rows());
  out.strength.resize(points.rows());
  out.log_likelihood.resize(points.rows());
  out.probabilities = Matrix<float>(points.rows(), mixture.size());
  TG_TRY(parallel_blocks(run, points.rows(), kRowGrain, [&](const Block& block) {
    const std::size_t count = block.end - block.begin;
    Matrix<double> features(count, density.features().size());
    Matrix<double> values(count, mixture.size());
    std::vector<std::int32_t> labels(count);
    std::vector<double> sums(count);
    density.features().fill(points.rows(block.begin, block.end), features.view());
    density.log_probabilities(features.view(), {}, values.view());
    const std::vector<double> terms = density.row_terms(features.view());
    for (std::size_t r = 0; r < count; ++r) {
      out.labels[block.begin + r] =
          narrow<std::int32_t>(most_likely(values.row(r).first(idx(mixture.n_labels))));
    }
    detail::share_out(values.view(), sums, labels);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t row = block.begin + r;
      out.log_likelihood[row] = sums[r] + terms[r];
      std::ranges::transform(values.row(r), out.probabilities.row(row).begin(),
                             [](double share) { return static_cast<float>(share); });
      out.strength[row] = out.probabilities[row, idx(out.labels[row])];
    }
  }));
  return out;
}

Result<MixtureSample> sample_mixture(const GaussianMixture& mixture, std::size_t n,
                                     RunContext& run) {
  const std::size_t d = mixture.dimension();
  const bool has_axes =
      mixture.type == CovarianceType::diag || mixture.type == CovarianceType::spherical;
  Matrix<double> factors = mixture.covariances;
  for (std::size_t c = 0; c < factors.rows() && !has_axes; ++c) {
    if (detail::factor_covariance(factors.row(c), d)) continue;
    return input_error(ErrorCode::invalid_argument, "component " + std::to_string(c),
                       "its covariance is singular", "raise reg_covar and fit again");
  }
  const RandomKey key = random_key(run.seed(), "mixture.sample");
  MixtureSample out{Matrix<float>(n, d), std::vector<std::int32_t>(n)};
  TG_TRY(parallel_blocks(run, n, kRowGrain, [&](const Block& block) {
    std::vector<double> z(d);
    for (std::size_t row = block.begin; row < block.end; ++row) {
      double left = uniform(key, row, 0);
      std::size_t c = 0;
      while (c + 1 < mixture.size() && left >= mixture.weights[c]) left -= mixture.weights[c++];
      out.components[row] = narrow<std::int32_t>(c);
      for (std::size_t t = 0; t < d; ++t) z[t] = normal(key, row, t + 1);
      for (std::size_t t = 0; t < d; ++t) {
        double value = mixture.means[c, t];
        if (has_axes) {
          value += z[t] * std::sqrt(factors[c, mixture.type == CovarianceType::diag ? t : 0]);
        } else {  // U' z, with U column-major: column t holds its first t + 1 values.
          const auto factor = factors.row(factors.rows() == 1 ? 0 : c);
          for (std::size_t s = 0; s <= t; ++s) value += factor[t * d + s] * z[s];
        }
        out.points[row, t] = static_cast<float>(value);
      }
    }
  }));
  return out;
}

std::int64_t n_parameters(const GaussianMixture& mixture) {
  const auto d = narrow<std::int64_t>(mixture.dimension());
  const auto k = narrow<std::int64_t>(mixture.size());
  std::int64_t n_covariance = 0;
  switch (mixture.type) {
    case CovarianceType::full: n_covariance = k * d * (d + 1) / 2; break;
    case CovarianceType::tied: n_covariance = d * (d + 1) / 2; break;
    case CovarianceType::diag: n_covariance = k * d; break;
    case CovarianceType::spherical: n_covariance = k; break;
  }
  return n_covariance + k * d + k - 1;
}

}  // namespace topograph
