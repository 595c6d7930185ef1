#include "model/grow/newcomers.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/layouts.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {
namespace {

/// The nearest others of the newcomers among all points, (newcomers, k).
Result<KnnGraph> nearest_others(const GrownPoints& grown, MatrixView<const float> vectors,
                                const std::vector<std::size_t>& points, const GraphOptions& graph,
                                RunContext& run) {
  const MatrixView<const float> all = grown.embeddings.view();
  const std::size_t k = std::min(idx(graph.n_neighbors), all.rows() - 1);
  TG_TRY(const auto index, NeighborIndex::build(all, 1, graph.metric, graph, run));
  TG_TRY(const KnnGraph found, index.query(vectors, k + 1, run));
  KnnGraph others{Matrix<std::int32_t>(points.size(), k), Matrix<float>(points.size(), k)};
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::size_t to = 0;
    for (std::size_t j = 0; j <= k && to < k; ++j) {
      if (found.ids[i, j] == narrow<std::int32_t>(points[i])) continue;
      others.ids[i, to] = found.ids[i, j];
      others.distances[i, to++] = found.distances[i, j];
    }
  }
  return others;
}

/// The topic that most of the nearest documents of the model are in, those without one left out
/// (ties: the smaller topic).
std::int32_t home_of(const TopicModel::Data& data, const KnnGraph& neighbors, std::size_t row) {
  std::map<std::int32_t, std::size_t> votes;
  for (const std::int32_t near : neighbors.ids.row(row)) {
    const std::int32_t topic = data.clusters.labels[idx(near)];
    if (topic >= 0) ++votes[topic];
  }
  std::int32_t home = kNoise;
  std::size_t most = 0;
  for (const auto& [topic, n] : votes) {
    if (n > most) home = topic;
    most = std::max(most, n);
  }
  return home;
}

void count_homes(const TopicModel::Data& data, Newcomers& newcomers) {
  std::map<std::int32_t, double> come;
  std::map<std::int32_t, double> are;
  for (const std::int32_t home : newcomers.homes) ++come[home];
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const bool waits = !data.is_waiting.empty() && data.is_waiting[p] != 0;
    if (!waits) ++are[data.clusters.labels[p]];
  }
  for (const std::int32_t home : newcomers.homes) {
    newcomers.expected.push_back(come[home] / std::max(1.0, are[home]));
  }
}

}  // namespace

Result<Newcomers> find_newcomers(const TopicModel::Data& data, const GrownPoints& grown,
                                 std::vector<std::size_t> points, UsualDistances& usual,
                                 RunContext& run) {
  Newcomers found;
  found.points = std::move(points);
  if (found.points.empty()) return found;
  std::vector<std::int32_t> place_of(grown.labels.size(), -1);
  Matrix<float> vectors(found.size(), grown.embeddings.cols());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t p = found.points[i];
    place_of[p] = narrow<std::int32_t>(i);
    found.weights.push_back(grown.points.weights[p]);
    std::ranges::copy(grown.embeddings.view().row(p), vectors.row(i).begin());
  }
  TG_TRY(KnnGraph neighbors,
         nearest_others(grown, vectors.view(), found.points, data.options.neighbors, run));
  found.places = Matrix<std::int32_t>(neighbors.rows(), neighbors.k());
  found.topics = Matrix<std::int32_t>(neighbors.rows(), neighbors.k());
  for (std::size_t i = 0; i < neighbors.rows(); ++i) {
    for (std::size_t j = 0; j < neighbors.k(); ++j) {
      const std::size_t near = idx(neighbors.ids[i, j]);
      found.places[i, j] = place_of[near];
      found.topics[i, j] = place_of[near] < 0 ? grown.labels[near] : kNoise;
    }
  }
  found.distances = std::move(neighbors.distances);
  const std::size_t k = std::min(idx(data.options.neighbors.n_neighbors), data.points.size());
  TG_TRY(const KnnGraph near, nearest_points(data, vectors.view(), k, run));
  for (std::size_t i = 0; i < found.size(); ++i) found.homes.push_back(home_of(data, near, i));
  count_homes(data, found);
  TG_TRY(found.model_distances, distances_to_model(data, vectors.view(), found.points, run));
  TG_TRY(usual, usual_distances(data, found.homes, run));
  for (std::size_t i = 0; i < found.size(); ++i) {
    found.share_as_far.push_back(usual.share_as_far(found.homes[i], found.model_distances[i]));
  }
  return found;
}

}  // namespace topograph
