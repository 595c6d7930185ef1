#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"

// Equation: find sigma with  sum_j exp(-max(0, d_j - rho) / sigma) = log2(k + 1),  rho the distance
// to the nearest row that is not at distance 0. Bisection as the peer does it, from sigma = 1 with
// doubling: the tolerance decides where it stops, so another root finder would give other digits.
// Memberships are float32 and their sum is float64; the peer's source declares a float32 sum, but
// its compiled parallel loop adds in float64, as its results show.

namespace topograph {
namespace {

constexpr std::size_t row_grain = 256;
constexpr int max_bisections = 64;        // umap-learn: n_iter
constexpr double sum_tolerance = 1e-5;    // umap-learn: SMOOTH_K_TOLERANCE
constexpr double min_sigma_ratio = 1e-3;  // umap-learn: MIN_K_DIST_SCALE
constexpr float largest = std::numeric_limits<float>::max();

/// Sum and number of the finite distances; the row itself, at distance 0, counts as one.
struct DistanceSum {
  double sum = 0;
  double count = 0;

  [[nodiscard]] double mean() const { return count > 0 ? sum / count : 0.0; }
};

DistanceSum sum_distances(std::span<const float> distances) {
  DistanceSum total{0.0, 1.0};
  for (const float d : distances) {
    if (!std::isfinite(d)) continue;
    total.sum += static_cast<double>(d);
    total.count += 1.0;
  }
  return total;
}

/// Distance to the local_connectivity-th neighbour that is not at distance 0, interpolated.
float find_rho(std::span<const float> distances, float local_connectivity) {
  const auto first =
      std::find_if(distances.begin(), distances.end(), [](float d) { return d > 0; });
  const auto last = std::find_if(first, distances.end(), [](float d) { return !std::isfinite(d); });
  const std::span<const float> non_zero(first, last);
  if (non_zero.empty()) return 0.0F;
  if (static_cast<float>(non_zero.size()) < local_connectivity) return non_zero.back();
  const auto index = static_cast<std::size_t>(local_connectivity);
  const float fraction = local_connectivity - static_cast<float>(index);
  if (index == 0) return fraction * non_zero[0];
  const float below = non_zero[index - 1];
  if (static_cast<double>(fraction) <= sum_tolerance) return below;
  return below + fraction * (non_zero[index] - below);
}

double membership_sum(std::span<const float> distances, float rho, float sigma) {
  double sum = 0;
  for (const float distance : distances) {
    const float beyond = distance - rho;
    sum += beyond > 0 ? static_cast<double>(std::exp(-(beyond / sigma))) : 1.0;
  }
  return sum;
}

float find_sigma(std::span<const float> distances, float rho, double target) {
  float low = 0;
  float high = largest;
  float sigma = 1;
  for (int i = 0; i < max_bisections; ++i) {
    const double sum = membership_sum(distances, rho, sigma);
    if (std::abs(sum - target) < sum_tolerance) break;
    if (sum > target) {
      high = sigma;
    } else {
      low = sigma;
      if (high >= largest) {
        sigma *= 2;
        continue;
      }
    }
    sigma = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2.0);
  }
  return sigma;
}

Result<void> check_row(std::span<const float> distances, std::size_t row) {
  const bool is_good =
      std::all_of(distances.begin(), distances.end(), [](float d) { return d >= 0; });
  if (is_good && std::is_sorted(distances.begin(), distances.end())) return {};
  return input_error(ErrorCode::invalid_argument, fmt::format("knn row {}", row),
                     is_good ? "expected ascending distances"
                             : "expected distances >= 0, found a negative one or NaN");
}

}  // namespace

Result<SmoothKnn> smooth_knn(const KnnGraph& knn, float local_connectivity, RunContext& run) {
  if (knn.k() == 0) {
    return input_error(ErrorCode::invalid_argument, "knn", "expected at least 1 neighbor, found 0");
  }
  if (!(local_connectivity >= 0) || !std::isfinite(local_connectivity)) {
    return option_error("local_connectivity",
                        fmt::format("expected a number >= 0, found {}", local_connectivity));
  }
  const std::size_t n = knn.rows();
  std::vector<DistanceSum> partial(block_count(n, row_grain));
  TG_TRY(parallel_blocks(run, n, row_grain, [&](const Block& block) -> Result<void> {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto distances = knn.distances.row(i);
      TG_TRY(check_row(distances, i));
      const DistanceSum row = sum_distances(distances);
      partial[block.index].sum += row.sum;
      partial[block.index].count += row.count;
    }
    return {};
  }));
  DistanceSum all;
  for (const DistanceSum& part : partial) {
    all.sum += part.sum;
    all.count += part.count;
  }

  SmoothKnn scales{std::vector<float>(n), std::vector<float>(n)};
  const double target = std::log2(static_cast<double>(knn.k() + 1));
  TG_TRY(parallel_blocks(run, n, row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto distances = knn.distances.row(i);
      const float rho = find_rho(distances, local_connectivity);
      const double mean = rho > 0 ? sum_distances(distances).mean() : all.mean();
      const auto smallest = static_cast<float>(min_sigma_ratio * mean);
      scales.rhos[i] = rho;
      scales.sigmas[i] = std::max(find_sigma(distances, rho, target), smallest);
    }
  }));
  return scales;
}

}  // namespace topograph
