#include "reduce/start_positions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/spectral_init.hpp"

namespace topograph::detail {
namespace {

constexpr double extent = 10;      // of every axis at the start, as the peer
constexpr double noise_sd = 1e-4;  // parts points that start at the same place

/// Largest coordinate to 10, then a little noise.
Result<void> scale_with_noise(Matrix<float>& coords, RunContext& run) {
  float largest = 0;
  for (std::size_t i = 0; i < coords.size(); ++i) {
    largest = std::max(largest, std::abs(coords.data()[i]));
  }
  const double scale = largest > 0 ? extent / static_cast<double>(largest) : 1.0;
  const RandomKey key = random_key(run.seed(), "umap.noise");
  return parallel_blocks(run, coords.rows(), 4096, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < coords.cols(); ++c) {
        const double value = scale * static_cast<double>(coords[r, c]);
        coords[r, c] = static_cast<float>(value + noise_sd * normal(key, r, c));
      }
    }
  });
}

void stretch_axes(Matrix<float>& coords) {
  for (std::size_t c = 0; c < coords.cols(); ++c) {
    float low = coords[0, c];
    float high = low;
    for (std::size_t r = 1; r < coords.rows(); ++r) {
      low = std::min(low, coords[r, c]);
      high = std::max(high, coords[r, c]);
    }
    const float range = high > low ? high - low : 1.0F;
    for (std::size_t r = 0; r < coords.rows(); ++r) {
      coords[r, c] = static_cast<float>(extent) * (coords[r, c] - low) / range;
    }
  }
}

Matrix<float> random_positions(std::size_t n, std::size_t dim, RunContext& run) {
  const RandomKey key = random_key(run.seed(), "umap.random");
  Matrix<float> coords(n, dim);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < dim; ++c) {
      coords[r, c] = static_cast<float>(extent * uniform(key, r, c));
    }
  }
  return coords;
}

bool is_usable(const Matrix<float>& coords) {
  return !coords.empty() && std::all_of(coords.data(), coords.data() + coords.size(),
                                        [](float value) { return std::isfinite(value); });
}

}  // namespace

Result<StartPositions> start_positions(const FuzzyGraph& graph, MatrixView<const float> x,
                                       UmapInit wanted, std::size_t dim, RunContext& run) {
  StartPositions start;
  if (wanted == UmapInit::spectral) {
    TG_TRY(auto spectral, spectral_init(graph, x, narrow<int>(dim), run));
    start.is_spectral = is_usable(spectral.coords);
    start.coords = std::move(spectral.coords);
    if (!start.is_spectral) start.warnings.emplace_back("spectral start failed");
  }
  const bool has_pca = !x.empty() && dim <= std::min(x.rows(), x.cols());
  if (!start.is_spectral && wanted != UmapInit::random && has_pca) {
    TG_TRY(const Pca pca, fit_pca(x, dim, run));
    TG_TRY(start.coords, apply_pca(pca, x, run));
    if (wanted == UmapInit::spectral)
      start.warnings.back() += ": started from principal components";
  } else if (!start.is_spectral) {
    start.coords = random_positions(graph.rows(), dim, run);
    if (wanted == UmapInit::spectral) start.warnings.back() += ": started at random";
    if (wanted == UmapInit::pca) {
      start.warnings.emplace_back(
          "no principal components for so few rows or columns: started at random");
    }
  }
  TG_TRY(scale_with_noise(start.coords, run));
  stretch_axes(start.coords);
  return start;
}

}  // namespace topograph::detail
