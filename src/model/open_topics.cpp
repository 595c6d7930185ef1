#include "model/open_topics.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "topograph/cluster/communities.hpp"
#include "topograph/cluster/number_by_size.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {
namespace {

constexpr double kLeastCohesion = 0.5;

/// The nearest other documents of the pool, (pool, k).
Result<KnnGraph> neighbors_of(MatrixView<const float> vectors, std::span<const std::size_t> pool,
                              const GraphOptions& graph, RunContext& run) {
  const std::size_t k = std::min(idx(graph.n_neighbors), vectors.rows() - 1);
  TG_TRY(const auto index, NeighborIndex::build(vectors, 1, graph.metric, graph, run));
  Matrix<float> queries(pool.size(), vectors.cols());
  for (std::size_t i = 0; i < pool.size(); ++i) {
    std::ranges::copy(vectors.row(pool[i]), queries.row(i).begin());
  }
  TG_TRY(const KnnGraph found, index.query(queries.view(), k + 1, run));
  KnnGraph others{Matrix<std::int32_t>(pool.size(), k), Matrix<float>(pool.size(), k)};
  for (std::size_t i = 0; i < pool.size(); ++i) {
    std::size_t to = 0;
    for (std::size_t j = 0; j <= k && to < k; ++j) {
      if (found.ids[i, j] == narrow<std::int32_t>(pool[i])) continue;
      others.ids[i, to] = found.ids[i, j];
      others.distances[i, to++] = found.distances[i, j];
    }
  }
  return others;
}

/// The same with places in the pool as ids; who is not in it is infinitely far.
KnnGraph inside(const KnnGraph& neighbors, std::span<const std::int32_t> place_of) {
  const std::size_t n = neighbors.rows();
  const std::size_t k = neighbors.k();
  KnnGraph graph{Matrix<std::int32_t>(n, k), Matrix<float>(n, k)};
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t to = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const std::int32_t place = place_of[idx(neighbors.ids[i, j])];
      if (place < 0) continue;
      graph.ids[i, to] = place;
      graph.distances[i, to++] = neighbors.distances[i, j];
    }
    for (; to < k; ++to) {
      graph.ids[i, to] = narrow<std::int32_t>(i);
      graph.distances[i, to] = std::numeric_limits<float>::infinity();
    }
  }
  return graph;
}

}  // namespace

Result<OpenedTopics> open_topics(MatrixView<const float> vectors, std::span<const std::size_t> pool,
                                 std::span<const std::int32_t> weights, const GraphOptions& graph,
                                 double resolution, int min_topic_size, RunContext& run) {
  OpenedTopics opened{std::vector<std::int32_t>(pool.size(), kNoise),
                      std::vector<float>(pool.size(), 0.0F), 0};
  const auto n_documents = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (pool.size() < 2 || n_documents < min_topic_size) return opened;
  TG_TRY(const KnnGraph neighbors, neighbors_of(vectors, pool, graph, run));
  std::vector<std::int32_t> place_of(vectors.rows(), -1);
  for (std::size_t i = 0; i < pool.size(); ++i) place_of[pool[i]] = narrow<std::int32_t>(i);
  TG_TRY(const FuzzyGraph edges, fuzzy_graph(inside(neighbors, place_of), {}, run));
  CommunitiesOptions options{.min_size = min_topic_size, .n_layers = 0};
  options.resolution =
      resolution * static_cast<double>(pool.size()) / static_cast<double>(vectors.rows());
  TG_TRY(const auto found, communities(edges, weights, options, run));

  std::vector<std::int32_t> labels = found.base.labels;
  std::vector<std::size_t> size(idx(found.base.n_clusters), 0);
  for (const std::int32_t label : labels) {
    if (label >= 0) ++size[idx(label)];
  }
  std::vector<double> sums(size.size(), 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    const std::size_t nearest = std::min(neighbors.k(), size[idx(labels[i])] - 1);
    std::size_t n_inside = 0;
    for (std::size_t j = 0; j < nearest; ++j) {
      const std::int32_t place = place_of[idx(neighbors.ids[i, j])];
      if (place >= 0 && labels[idx(place)] == labels[i]) ++n_inside;
    }
    const double share =
        nearest == 0 ? 1.0 : static_cast<double>(n_inside) / static_cast<double>(nearest);
    opened.strength[i] = static_cast<float>(share);
    sums[idx(labels[i])] += share;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    const std::size_t label = idx(labels[i]);
    if (sums[label] < kLeastCohesion * static_cast<double>(size[label])) labels[i] = kNoise;
    if (labels[i] < 0) opened.strength[i] = 0;
  }
  opened.n_topics = narrow<std::int32_t>(number_by_size(labels, weights).size());
  opened.labels = std::move(labels);
  return opened;
}

}  // namespace topograph
