#include "cluster/neighbor_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace topograph::detail {
namespace {

// umap-learn's constants of the same search.
constexpr int kMaxSteps = 64;
constexpr double kTolerance = 1e-5;
constexpr double kLeastSigmaShare = 1e-3;

double membership(double distance, double rho, double sigma) {
  const double beyond = distance - rho;
  if (beyond <= 0) return 1;
  return sigma > 0 ? std::exp(-beyond / sigma) : 0;
}

double solve_sigma(std::span<const float> distances, double rho) {
  const double target = std::log2(static_cast<double>(distances.size()) + 1);
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  double sigma = 1;
  for (int step = 0; step < kMaxSteps; ++step) {
    double sum = 0;
    for (const float distance : distances) {
      sum += membership(static_cast<double>(distance), rho, sigma);
    }
    if (std::abs(sum - target) < kTolerance) break;
    if (sum > target) {
      high = sigma;
      sigma = (low + high) / 2;
    } else {
      low = sigma;
      sigma = std::isinf(high) ? sigma * 2 : (low + high) / 2;
    }
  }
  double mean = 0;
  for (const float distance : distances) mean += static_cast<double>(distance);
  mean /= static_cast<double>(distances.size());
  return std::max(sigma, kLeastSigmaShare * mean);
}

}  // namespace

void neighbor_weights(std::span<const float> distances, std::vector<double>& weights) {
  const double rho = static_cast<double>(distances[0]);
  const double sigma = solve_sigma(distances, rho);
  weights.resize(distances.size());
  for (std::size_t j = 0; j < distances.size(); ++j) {
    weights[j] = membership(static_cast<double>(distances[j]), rho, sigma);
  }
}

}  // namespace topograph::detail
