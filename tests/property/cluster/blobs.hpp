#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"

namespace topograph::testing_data {

/// Eight blobs of different width and a thin background. `step` > 0 rounds to a grid: many ties.
inline Matrix<float> blobs(std::uint64_t seed, std::size_t n, std::size_t dims, float step = 0) {
  const RandomKey key = random_key(seed, "test.points");
  Matrix<float> x(n, dims);
  for (std::size_t row = 0; row < n; ++row) {
    const std::uint64_t blob = uniform_below(key, row, 1000, 9);
    for (std::size_t c = 0; c < dims; ++c) {
      const double center = 20 * uniform(key, n + blob, c);
      const double width = 0.3 + 0.1 * static_cast<double>(blob);
      double value = center + width * normal(key, row, c);
      if (blob == 8) value = 24 * uniform(key, row, c) - 2;
      x[row, c] = static_cast<float>(value);
      if (step > 0) x[row, c] = step * std::round(x[row, c] / step);
    }
  }
  return x;
}

}  // namespace topograph::testing_data
