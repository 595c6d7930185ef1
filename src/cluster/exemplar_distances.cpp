#include "cluster/exemplar_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cluster/search_rows.hpp"
#include "kernels/kernels.hpp"
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
  scratch.resize(n + n_dims_);  // Distances, then the point in float64.
  std::transform(point.begin(), point.end(), scratch.begin() + static_cast<std::ptrdiff_t>(n),
                 [](float value) { return static_cast<double>(value); });
  kernels::active().column_distances(columns_.data(), scratch.data() + n, n, n_dims_,
                                     scratch.data());
  for (std::size_t cluster = 0; cluster < out.size(); ++cluster) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t e = offsets_[cluster]; e < offsets_[cluster + 1]; ++e) {
      least = std::min(least, scratch[e]);
    }
    out[cluster] = metric_distance(std::sqrt(least), metric_);
  }
}

}  // namespace topograph::detail
