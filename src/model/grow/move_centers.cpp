#include "model/grow/move_centers.hpp"

#include <utility>

#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<Matrix<float>> moved_centers(const TopicModel::Data& data, const Matrix<float>& vectors,
                                    const PlacedBatch& placed, const Batch& batch,
                                    const OnlineOptions& options, RunContext& run) {
  Matrix<float> centers = data.cluster_centers;
  const FitOptions& fit = data.options;
  const bool is_moving =
      fit.cluster.method == ClusterMethod::kmeans || fit.cluster.method == ClusterMethod::minibatch;
  if (!is_moving || centers.empty() || vectors.rows() == 0) return centers;
  Matrix<float> rows = placed.reduced;
  if (!has_reduction(fit)) {
    rows = vectors;
    if (fit.neighbors.metric == Metric::cosine) {
      TG_TRY(rows, unit_rows(vectors.view(), run));
    }
  }
  const auto& clusters = data.cluster_labels.empty() ? data.clusters.labels : data.cluster_labels;
  std::vector<double> members(centers.rows(), 0.0);
  for (std::size_t p = 0; p < clusters.size(); ++p) {
    if (clusters[p] >= 0) members[idx(clusters[p])] += data.points.weights[p];
  }
  for (double& count : members) count *= 1 - options.decay;
  std::vector<double> sums(centers.size(), 0.0);
  std::vector<double> added(centers.rows(), 0.0);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (placed.clusters[i] < 0) continue;
    const std::size_t c = idx(placed.clusters[i]);
    const double copies = batch.points.weights[batch.fresh[i]];
    added[c] += copies;
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      sums[c * rows.cols() + j] += copies * static_cast<double>(rows[i, j]);
    }
  }
  const bool is_spherical =
      fit.cluster.method == ClusterMethod::kmeans ? fit.kmeans.spherical : fit.minibatch.spherical;
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    if (added[c] == 0) continue;
    for (std::size_t j = 0; j < centers.cols(); ++j) {
      centers[c, j] = static_cast<float>(
          (members[c] * static_cast<double>(centers[c, j]) + sums[c * rows.cols() + j]) /
          (members[c] + added[c]));
    }
  }
  if (is_spherical) return unit_rows(centers.view(), run);
  return centers;
}

}  // namespace topograph
