#include "topograph/cluster/communities.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cluster/neighbor_weights.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 512;
/// Label with the largest summed membership (ties: smaller label) and its share.
std::pair<std::int32_t, float> vote(std::span<const std::int32_t> ids,
                                    std::span<const float> distances,
                                    std::span<const std::int32_t> labels,
                                    std::vector<double>& weights,
                                    std::vector<std::pair<std::int32_t, double>>& votes) {
  detail::neighbor_weights(distances, weights);
  votes.clear();
  double total = 0;
  for (std::size_t j = 0; j < ids.size(); ++j) {
    votes.emplace_back(labels[idx(ids[j])], weights[j]);
    total += weights[j];
  }
  // Neighbours stay in order of distance inside a label, so that sums do not depend on the sort.
  std::stable_sort(votes.begin(), votes.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int32_t best = votes.front().first;
  double best_weight = -1;
  for (std::size_t begin = 0; begin < votes.size();) {
    std::size_t end = begin;
    double weight = 0;
    while (end < votes.size() && votes[end].first == votes[begin].first) {
      weight += votes[end++].second;
    }
    if (weight > best_weight) {
      best_weight = weight;
      best = votes[begin].first;
    }
    begin = end;
  }
  return {best, best == kNoise ? 0.0F : static_cast<float>(best_weight / total)};
}

Result<void> check_row(const KnnGraph& neighbors, std::size_t row, std::size_t n_training) {
  const auto ids = neighbors.ids.row(row);
  const auto distances = neighbors.distances.row(row);
  for (std::size_t j = 0; j < ids.size(); ++j) {
    if (ids[j] < 0 || idx(ids[j]) >= n_training) {
      return input_error(ErrorCode::invalid_argument, "row " + std::to_string(row),
                         "expected neighbours among " + std::to_string(n_training) +
                             " training points, found id " + std::to_string(ids[j]));
    }
    if (!std::isfinite(distances[j]) || distances[j] < 0) {
      return input_error(ErrorCode::invalid_argument, "row " + std::to_string(row),
                         "expected finite distances >= 0, found " + std::to_string(distances[j]));
    }
    if (j > 0 && distances[j] < distances[j - 1]) {
      return input_error(ErrorCode::invalid_argument, "row " + std::to_string(row),
                         "expected neighbours in order of distance");
    }
  }
  return {};
}

}  // namespace

Result<CommunityPrediction> predict_communities(const KnnGraph& neighbors,
                                                std::span<const std::int32_t> training_labels,
                                                std::span<const float> training_strength,
                                                RunContext& run) {
  const std::size_t m = neighbors.rows();
  TG_EXPECTS(training_labels.size() == training_strength.size());
  TG_EXPECTS(neighbors.distances.rows() == m && neighbors.distances.cols() == neighbors.k());
  if (m > 0 && neighbors.k() == 0) {
    return input_error(ErrorCode::invalid_argument, "predict",
                       "expected at least one neighbour a point, found none");
  }
  CommunityPrediction result;
  result.labels.resize(m);
  result.strength.resize(m);
  TG_TRY(parallel_blocks(run, m, kRowGrain, [&](const Block& block) -> Result<void> {
    std::vector<double> weights;
    std::vector<std::pair<std::int32_t, double>> votes;
    for (std::size_t row = block.begin; row < block.end; ++row) {
      TG_TRY(check_row(neighbors, row, training_labels.size()));
      const auto ids = neighbors.ids.row(row);
      const auto distances = neighbors.distances.row(row);
      if (distances[0] == 0.0F) {
        result.labels[row] = training_labels[idx(ids[0])];
        result.strength[row] = training_strength[idx(ids[0])];
        continue;
      }
      std::tie(result.labels[row], result.strength[row]) =
          vote(ids, distances, training_labels, weights, votes);
    }
    return {};
  }));
  return result;
}

}  // namespace topograph
