#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::testing_support {

/// The rows on which distances are defined, in float32; inner product: of one set, not of queries.
inline Matrix<float> metric_rows(const Matrix<float>& x, Metric metric) {
  Matrix<float> rows = x;
  if (metric == Metric::euclidean) return rows;
  double longest = 0;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double squared = 0;
    for (const float v : x.row(i)) squared += static_cast<double>(v) * static_cast<double>(v);
    longest = std::max(longest, std::sqrt(squared));
  }
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double squared = 0;
    for (const float v : x.row(i)) squared += static_cast<double>(v) * static_cast<double>(v);
    const double norm = metric == Metric::inner_product ? longest : std::sqrt(squared);
    for (float& v : rows.row(i)) {
      v = norm > 0 ? static_cast<float>(static_cast<double>(v) / norm) : 0.0F;
    }
  }
  return rows;
}

inline bool is_zero(std::span<const float> row) {
  return std::all_of(row.begin(), row.end(), [](float v) { return v == 0; });
}

/// Distance in float64, rounded to float32, summed in plain order.
inline float distance(std::span<const float> a, std::span<const float> b, Metric metric) {
  if (metric == Metric::cosine && (is_zero(a) || is_zero(b))) {
    return is_zero(a) && is_zero(b) ? 0.0F : 1.0F;
  }
  double squared = 0;
  double product = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    product += static_cast<double>(a[t]) * static_cast<double>(b[t]);
    const double gap = static_cast<double>(a[t]) - static_cast<double>(b[t]);
    squared += gap * gap;
  }
  if (metric == Metric::inner_product) return static_cast<float>(std::max(0.0, 1 - product));
  return static_cast<float>(metric == Metric::cosine ? squared / 2 : std::sqrt(squared));
}

/// The k nearest rows of `reference` for every query; `leaves_self_out` for one set against itself.
inline KnnGraph brute_force(const Matrix<float>& reference, const Matrix<float>& queries,
                            std::size_t k, Metric metric, bool leaves_self_out) {
  const Matrix<float> from = metric_rows(queries, metric);
  const Matrix<float> to = metric_rows(reference, metric);
  KnnGraph graph{Matrix<std::int32_t>(from.rows(), k), Matrix<float>(from.rows(), k)};
  std::vector<std::pair<float, std::int32_t>> all;
  for (std::size_t i = 0; i < from.rows(); ++i) {
    all.clear();
    for (std::size_t j = 0; j < to.rows(); ++j) {
      if (leaves_self_out && i == j) continue;
      all.emplace_back(distance(from.row(i), to.row(j), metric), narrow<std::int32_t>(j));
    }
    std::sort(all.begin(), all.end());
    for (std::size_t c = 0; c < k; ++c) {
      graph.distances[i, c] = all[c].first;
      graph.ids[i, c] = all[c].second;
    }
  }
  return graph;
}

inline Matrix<float> normal_rows(std::uint64_t seed, std::size_t rows, std::size_t cols) {
  const RandomKey key = random_key(seed, "test.rows");
  Matrix<float> x(rows, cols);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t t = 0; t < cols; ++t) x[i, t] = static_cast<float>(normal(key, i, t));
  }
  return x;
}

/// Normal clouds around random centers.
inline Matrix<float> blob_rows(std::uint64_t seed, std::size_t rows, std::size_t cols,
                               std::uint64_t n_blobs) {
  const RandomKey key = random_key(seed, "test.blobs");
  const Matrix<float> centers = normal_rows(seed + 1000, n_blobs, cols);
  Matrix<float> x(rows, cols);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t blob = uniform_below(key, i, 1000000, n_blobs);
    for (std::size_t t = 0; t < cols; ++t) {
      x[i, t] = 3 * centers[blob, t] + static_cast<float>(normal(key, i, t));
    }
  }
  return x;
}

/// Small integer coordinates: thousands of exact ties and many equal rows.
inline Matrix<float> grid_rows(std::uint64_t seed, std::size_t rows, std::size_t cols,
                               std::uint64_t levels) {
  const RandomKey key = random_key(seed, "test.grid");
  Matrix<float> x(rows, cols);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t t = 0; t < cols; ++t) {
      x[i, t] = static_cast<float>(uniform_below(key, i, t, levels));
    }
  }
  return x;
}

}  // namespace topograph::testing_support
