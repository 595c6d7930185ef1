#include "topograph/report/topic_vectors.hpp"

#include <cmath>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

double length_of(std::span<const double> row) {
  double square = 0;
  for (const double value : row) square += value * value;
  return std::sqrt(square);
}

}  // namespace

Matrix<float> topic_vectors(MatrixView<const float> points, std::span<const std::int32_t> labels,
                            std::size_t n_topics) {
  TG_EXPECTS(points.rows() == labels.size());
  const std::size_t d = points.cols();
  Matrix<double> sums(n_topics, d);
  std::vector<double> unit(d);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    for (std::size_t j = 0; j < d; ++j) unit[j] = static_cast<double>(points[i, j]);
    const double length = length_of(unit);
    if (!(length > 0)) continue;
    const auto sum = sums.row(idx(labels[i]));
    for (std::size_t j = 0; j < d; ++j) sum[j] += unit[j] / length;
  }
  Matrix<float> out(n_topics, d);
  for (std::size_t topic = 0; topic < n_topics; ++topic) {
    const double length = length_of(sums.row(topic));
    for (std::size_t j = 0; j < d; ++j) {
      out[topic, j] = length > 0 ? static_cast<float>(sums[topic, j] / length) : 0.0F;
    }
  }
  return out;
}

}  // namespace topograph
