#include <algorithm>
#include <utility>

#include "model/layouts.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/exact.hpp"

namespace topograph {
namespace {

struct Voters {
  KnnGraph neighbors = {};
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
};

/// The points that are in no topic because of its name, and an index over them, built once.
Result<KnnGraph> nearest_unnamed(const TopicModel::Data& data, MatrixView<const float> vectors,
                                 Voters& voters, RunContext& run) {
  RestIndex& search = data.rest_search;
  {
    const std::scoped_lock lock(search.mutex);
    if (search.points.empty()) {
      for (std::size_t p = 0; p < data.points.size(); ++p) {
        if (data.matches.of_point[p] < 0) search.points.push_back(p);
      }
      search.rows = Matrix<float>(search.points.size(), data.embeddings.cols());
      for (std::size_t i = 0; i < search.points.size(); ++i) {
        std::ranges::copy(std::as_const(data.embeddings).row(search.points[i]),
                          search.rows.row(i).begin());
      }
    }
    if (!search.index && search.points.size() > 1) {
      TG_TRY(auto built, NeighborIndex::build(search.rows.view(), 1, data.options.neighbors.metric,
                                              data.options.neighbors, run));
      search.index.emplace(std::move(built));
    }
  }
  for (const std::size_t p : search.points) {
    voters.labels.push_back(data.clusters.labels[p]);
    voters.strength.push_back(data.clusters.strength[p]);
  }
  if (search.points.empty()) return KnnGraph{};
  const std::size_t k = std::min(idx(data.options.neighbors.n_neighbors), search.points.size());
  if (search.index) return search.index->query(vectors, k, run);
  return exact_knn_query(search.rows.view(), vectors, k, data.options.neighbors.metric, run);
}

}  // namespace

bool keeps_its_clusters(ClusterMethod method) {
  return method == ClusterMethod::kmeans || method == ClusterMethod::minibatch ||
         method == ClusterMethod::gmm;
}

bool places_by_votes(const TopicModel::Data& data) {
  const ClusterMethod method = data.options.cluster.method;
  if (method == ClusterMethod::communities || has_matches(data)) return true;
  return !data.batches.empty() && !keeps_its_clusters(method);
}

Result<PredictedClusters> predict_by_votes(const TopicModel::Data& data,
                                           MatrixView<const float> vectors,
                                           const KnnGraph& neighbors, RunContext& run) {
  CommunityPrediction found;
  if (has_matches(data)) {
    Voters voters;
    TG_TRY(voters.neighbors, nearest_unnamed(data, vectors, voters, run));
    if (voters.labels.empty()) {
      return PredictedClusters{std::vector<std::int32_t>(vectors.rows(), kNoise),
                               std::vector<float>(vectors.rows(), 0.0F),
                               {}};
    }
    TG_TRY(found, predict_communities(voters.neighbors, voters.labels, voters.strength, run));
  } else {
    TG_TRY(found,
           predict_communities(neighbors, data.clusters.labels, data.clusters.strength, run));
  }
  PredictedClusters clusters{std::move(found.labels), std::move(found.strength), {}};
  const bool is_weighed = data.options.cluster.method == ClusterMethod::communities;
  for (std::size_t i = 0; i < clusters.labels.size() && is_weighed; ++i) {
    if (clusters.strength[i] >= data.options.communities.min_strength) continue;
    clusters.labels[i] = kNoise;
    clusters.strength[i] = 0;
  }
  return clusters;
}

}  // namespace topograph
