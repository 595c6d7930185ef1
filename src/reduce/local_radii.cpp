#include "reduce/local_radii.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph::detail {
namespace {

constexpr double smallest_radius = 1e-8;  // of the peer: equal rows have a radius, too

/// Distances between rows as the neighbour search measures them (neighbors/types.hpp).
class RowDistances {
 public:
  RowDistances(MatrixView<const float> x, Metric metric) : x_(x), metric_(metric) {
    if (metric == Metric::euclidean) return;
    norms_.resize(x.rows());
    for (std::size_t r = 0; r < x.rows(); ++r) {
      const auto row = x.row(r);
      norms_[r] = std::sqrt(kernels::active().dot(row.data(), row.data(), row.size()));
      largest_ = std::max(largest_, norms_[r]);
    }
  }

  [[nodiscard]] double squared(std::size_t i, std::size_t j) const {
    const float* a = x_.row(i).data();
    const float* b = x_.row(j).data();
    if (metric_ == Metric::euclidean) return kernels::active().squared_distance(a, b, x_.cols());
    const bool is_cosine = metric_ == Metric::cosine;
    const double norm = is_cosine ? norms_[i] * norms_[j] : largest_ * largest_;
    if (norm <= 0) return is_cosine && norms_[i] + norms_[j] > 0 ? 1.0 : 0.0;
    const double distance = 1.0 - kernels::active().dot(a, b, x_.cols()) / norm;
    return distance * distance;
  }

 private:
  MatrixView<const float> x_;
  Metric metric_;
  std::vector<double> norms_ = {};
  double largest_ = 0;
};

}  // namespace

Result<std::vector<float>> log_radii(const FuzzyGraph& graph, MatrixView<const float> x,
                                     Metric metric, RunContext& run) {
  const CsrView<float> edges = graph.edges.view();
  const RowDistances distances(x, metric);
  std::vector<float> radii(edges.rows(), std::numeric_limits<float>::quiet_NaN());
  TG_TRY(parallel_blocks(run, edges.rows(), 1024, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      double total = 0;
      double weights = 0;
      for (std::size_t e = edges.begin(r); e < edges.end(r); ++e) {
        const auto weight = static_cast<double>(edges.values[e]);
        total += weight * distances.squared(r, idx(edges.columns[e]));
        weights += weight;
      }
      if (weights > 0) radii[r] = static_cast<float>(std::log(smallest_radius + total / weights));
    }
  }));
  return radii;
}

Result<std::vector<float>> layout_log_radii(MatrixView<const float> coords, int n_neighbors,
                                            RunContext& run) {
  if (coords.rows() < 2) {
    return std::vector<float>(coords.rows(), std::numeric_limits<float>::quiet_NaN());
  }
  const std::size_t k = std::min(idx(n_neighbors), coords.rows()) - 1;
  TG_TRY(const auto index, NeighborIndex::build(coords, k, Metric::euclidean, {}, run));
  TG_TRY(const KnnGraph knn, index.graph(run));
  TG_TRY(const FuzzyGraph graph, fuzzy_graph(knn, {}, run));
  return log_radii(graph, coords, Metric::euclidean, run);
}

}  // namespace topograph::detail
