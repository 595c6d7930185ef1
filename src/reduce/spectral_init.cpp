// A connected graph gets its smoothest Laplacian eigenvectors. A disconnected one gets a position
// for every connected component (a cross of unit axes for few, the principal plane of the
// components' centroids for many) and the component's own eigenvectors, or a random patch when it
// is tiny, scaled to half the way to the nearest other component.
#include "topograph/reduce/spectral_init.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reduce/connected_components.hpp"
#include "reduce/renumbered_graph.hpp"
#include "reduce/smooth_eigenvectors.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph {
namespace {

constexpr double tolerance = 1e-4;
constexpr std::size_t many_components = 2048;  // beyond, distances between all pairs cost too much

/// Unit axes and their opposites, as many as there are components (at most 2 dim).
Matrix<float> cross_positions(std::size_t n_parts, std::size_t dim) {
  Matrix<float> positions(n_parts, dim);
  const std::size_t n_axes = (n_parts + 1) / 2;
  for (std::size_t p = 0; p < n_parts; ++p) positions[p, p % n_axes] = p < n_axes ? 1.0F : -1.0F;
  return positions;
}

Result<Matrix<float>> part_centroids(const detail::Components& parts, MatrixView<const float> x) {
  Matrix<float> centroids(parts.members.size(), x.cols());
  std::vector<double> sum(x.cols());
  for (std::size_t p = 0; p < parts.members.size(); ++p) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (const std::int32_t v : parts.members[p]) {
      for (std::size_t c = 0; c < x.cols(); ++c) sum[c] += static_cast<double>(x[idx(v), c]);
    }
    const auto size = static_cast<double>(parts.members[p].size());
    for (std::size_t c = 0; c < x.cols(); ++c) centroids[p, c] = static_cast<float>(sum[c] / size);
  }
  return centroids;
}

/// Scales each axis to [0, 1]; an axis without extent is left to the random jitter of its caller.
void scale_axes(Matrix<float>& positions) {
  for (std::size_t c = 0; c < positions.cols(); ++c) {
    float low = positions[0, c];
    float high = low;
    for (std::size_t r = 0; r < positions.rows(); ++r) {
      low = std::min(low, positions[r, c]);
      high = std::max(high, positions[r, c]);
    }
    const float extent = high > low ? high - low : 1.0F;
    for (std::size_t r = 0; r < positions.rows(); ++r) {
      positions[r, c] = (positions[r, c] - low) / extent;
    }
  }
}

/// (n_parts, dim) positions, no two of them equal.
Result<Matrix<float>> part_positions(const detail::Components& parts, MatrixView<const float> x,
                                     std::size_t dim, RunContext& run) {
  const std::size_t n_parts = parts.members.size();
  if (n_parts <= 2 * dim) return cross_positions(n_parts, dim);
  const RandomKey key = random_key(run.seed(), "umap.parts");
  Matrix<float> positions(n_parts, dim);
  float jitter = 1.0F;
  if (x.cols() >= dim) {
    TG_TRY(const Matrix<float> centroids, part_centroids(parts, x));
    TG_TRY(const Pca pca, fit_pca(centroids.view(), dim, run));
    TG_TRY(positions, apply_pca(pca, centroids.view(), run));
    scale_axes(positions);
    jitter = 1e-3F;  // components of equal rows share a centroid
  }
  for (std::size_t p = 0; p < n_parts; ++p) {
    for (std::size_t c = 0; c < dim; ++c) {
      positions[p, c] += jitter * static_cast<float>(uniform(key, p, c));
    }
  }
  return positions;
}

/// Half the distance to the nearest other position; one typical value when there are many.
std::vector<float> part_radii(const Matrix<float>& positions) {
  const std::size_t n = positions.rows();
  const auto typical = static_cast<float>(
      0.5 * std::pow(static_cast<double>(n), -1.0 / static_cast<double>(positions.cols())));
  std::vector<float> radii(n, typical);
  if (n > many_components) return radii;
  for (std::size_t i = 0; i < n; ++i) {
    float nearest = std::numeric_limits<float>::infinity();
    for (std::size_t j = 0; j < n; ++j) {
      float squared = 0;
      for (std::size_t c = 0; c < positions.cols(); ++c) {
        const float difference = positions[i, c] - positions[j, c];
        squared += difference * difference;
      }
      if (squared > 0) nearest = std::min(nearest, squared);
    }
    radii[i] = std::isfinite(nearest) ? 0.5F * std::sqrt(nearest) : typical;
  }
  return radii;
}

/// Layout of one component in [-1, 1]^dim.
Result<Matrix<float>> part_layout(CsrView<float> graph, const detail::Components& parts,
                                  std::size_t part, std::size_t dim, bool& converged,
                                  RunContext& run) {
  const std::vector<std::int32_t>& members = parts.members[part];
  Matrix<float> local(members.size(), dim);
  if (members.size() <= std::max(2 * dim, dim + 1)) {
    const RandomKey key = random_key(run.seed(), "umap.tiny");
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t c = 0; c < dim; ++c) {
        local[i, c] = static_cast<float>(2.0 * uniform(key, idx(members[i]), c) - 1.0);
      }
    }
    return local;
  }
  TG_TRY(const Csr<float> inside, detail::renumbered_graph(graph, members, parts.place, run));
  TG_TRY(auto found, detail::smooth_eigenvectors(inside.view(), dim, tolerance, run));
  converged = converged && found.converged;
  float largest = 0;
  for (std::size_t i = 0; i < found.vectors.size(); ++i) {
    largest = std::max(largest, std::abs(found.vectors.data()[i]));
  }
  if (largest > 0) {
    for (std::size_t i = 0; i < found.vectors.size(); ++i) found.vectors.data()[i] /= largest;
  }
  return std::move(found.vectors);
}

}  // namespace

Result<SpectralResult> spectral_init(const FuzzyGraph& graph, MatrixView<const float> x,
                                     int n_components, RunContext& run) {
  if (n_components < 1) {
    return option_error("n_components",
                        "expected 1 or more, found " + std::to_string(n_components));
  }
  TG_EXPECTS(x.empty() || x.rows() == graph.rows());
  const auto dim = idx(n_components);
  SpectralResult result;
  if (graph.rows() == 0) return result;
  const CsrView<float> edges = graph.edges.view();
  TG_TRY(const detail::Components parts, detail::connected_components(edges, run));
  result.n_graph_components = narrow<int>(parts.members.size());
  if (parts.members.size() == 1) {
    if (graph.rows() <= dim + 1) return result;
    TG_TRY(auto found, detail::smooth_eigenvectors(edges, dim, tolerance, run));
    result.converged = found.converged;
    result.coords = std::move(found.vectors);
    return result;
  }
  TG_TRY(const Matrix<float> positions, part_positions(parts, x, dim, run));
  const std::vector<float> radii = part_radii(positions);
  result.coords = Matrix<float>(graph.rows(), dim);
  result.converged = true;
  for (std::size_t p = 0; p < parts.members.size(); ++p) {
    if (run.stop_requested()) return cancelled();
    TG_TRY(const Matrix<float> local, part_layout(edges, parts, p, dim, result.converged, run));
    for (std::size_t i = 0; i < local.rows(); ++i) {
      for (std::size_t c = 0; c < dim; ++c) {
        result.coords[idx(parts.members[p][i]), c] = positions[p, c] + radii[p] * local[i, c];
      }
    }
  }
  return result;
}

Result<SpectralResult> spectral_init(const FuzzyGraph& graph, int n_components, RunContext& run) {
  return spectral_init(graph, {}, n_components, run);
}

}  // namespace topograph
