#include <cmath>
#include <vector>

#include "model/model_data.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Matrix<float> topic_centroids(const TopicModel::Data& data) {
  const std::size_t d = data.embeddings.cols();
  std::vector<double> sums(idx(data.clusters.n_clusters) * d, 0.0);
  std::vector<double> totals(idx(data.clusters.n_clusters), 0.0);
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const std::int32_t label = data.clusters.labels[p];
    if (label < 0) continue;
    const auto row = data.embeddings.view().row(p);
    double squared = 0;
    for (const float value : row)
      squared += static_cast<double>(value) * static_cast<double>(value);
    if (squared == 0) continue;
    const double scale = static_cast<double>(data.points.weights[p]) / std::sqrt(squared);
    for (std::size_t j = 0; j < d; ++j)
      sums[idx(label) * d + j] += scale * static_cast<double>(row[j]);
    totals[idx(label)] += static_cast<double>(data.points.weights[p]);
  }
  Matrix<float> centroids(totals.size(), d);
  for (std::size_t t = 0; t < totals.size(); ++t) {
    for (std::size_t j = 0; j < d && totals[t] > 0; ++j) {
      centroids[t, j] = static_cast<float>(sums[t * d + j] / totals[t]);
    }
  }
  return centroids;
}

}  // namespace topograph
