#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

/// Collects the k largest of every row.
struct LargestRows {
  Memberships kept;
  LargestRows(std::size_t n, std::size_t k) : kept(noise_memberships(n, k)) {}
  void take(std::size_t row, std::span<const double> from) {
    std::vector<std::int32_t> order(from.size());
    std::iota(order.begin(), order.end(), 0);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(kept.k());
    std::partial_sort(order.begin(), end, order.end(), [&](std::int32_t a, std::int32_t b) {
      return from[idx(a)] > from[idx(b)] || (from[idx(a)] == from[idx(b)] && a < b);
    });
    for (std::size_t j = 0; j < kept.k(); ++j) {
      kept.clusters[row, j] = order[j];
      kept.values[row, j] = static_cast<float>(from[idx(order[j])]);
    }
    const double sum = std::accumulate(from.begin(), from.end(), 0.0);
    kept.noise[row] = static_cast<float>(std::clamp(1 - sum, 0.0, 1.0));
  }
};

}  // namespace topograph::detail
