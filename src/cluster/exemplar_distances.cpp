#include "cluster/exemplar_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cluster/search_rows.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

ExemplarDistances::ExemplarDistances(MatrixView<const float> x,
                                     std::span<const std::vector<std::int32_t>> exemplars,
                                     Metric metric)
    : n_dims_(x.cols()), offsets_{0}, metric_(metric) {
  for (const auto& of_cluster : exemplars) offsets_.push_back(offsets_.back() + of_cluster.size());
  const std::size_t n = offsets_.back();
  columns_.resize(n * n_dims_);
  std::size_t at = 0;
  for (const auto& of_cluster : exemplars) {
    for (const std::int32_t row : of_cluster) {
      for (std::size_t c = 0; c < n_dims_; ++c) {
        columns_[c * n + at] = static_cast<double>(x[idx(row), c]);
      }
      ++at;
    }
  }
}

void ExemplarDistances::find(std::span<const float> point, std::vector<double>& scratch,
                             std::span<double> out) const {
  const std::size_t n = offsets_.back();
  scratch.assign(n, 0.0);
  for (std::size_t c = 0; c < n_dims_; ++c) {
    const auto at = static_cast<double>(point[c]);
    const double* column = columns_.data() + c * n;
    for (std::size_t e = 0; e < n; ++e) {
      const double difference = column[e] - at;
      scratch[e] += difference * difference;
    }
  }
  for (std::size_t cluster = 0; cluster < out.size(); ++cluster) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t e = offsets_[cluster]; e < offsets_[cluster + 1]; ++e) {
      least = std::min(least, scratch[e]);
    }
    out[cluster] = metric_distance(std::sqrt(least), metric_);
  }
}

}  // namespace topograph::detail
