#include "cluster/prim.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/neighbors/exact.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kRowGrain = 512;

double distance_between(MatrixView<const float> x, std::int32_t a, std::int32_t b) {
  return std::sqrt(
      kernels::active().squared_distance(x.row(idx(a)).data(), x.row(idx(b)).data(), x.cols()));
}

/// A row outside of the tree and the least edge from the tree to it.
struct Outside {
  std::int32_t row = 0;
  TreeEdge least = {};
};

}  // namespace

Result<std::vector<double>> scan_core_distances(MatrixView<const float> x,
                                                std::span<const std::int32_t> weights,
                                                int min_samples, Stage* stage, RunContext& run) {
  const std::size_t n = x.rows();
  std::vector<double> core(n, 0.0);
  if (n < 2) return core;
  const std::size_t k = std::min(n - 1, static_cast<std::size_t>(min_samples));
  TG_TRY(const KnnGraph knn, exact_knn(x, k, Metric::euclidean, run));
  TG_TRY(parallel_blocks(run, n, kRowGrain, [&](const Block& block) {
    std::vector<std::pair<double, std::int32_t>> near(k);
    for (std::size_t row = block.begin; row < block.end; ++row) {
      // In float64, as the spanning tree measures them.
      for (std::size_t j = 0; j < k; ++j) {
        const std::int32_t other = knn.ids[row, j];
        near[j] = {distance_between(x, narrow<std::int32_t>(row), other), other};
      }
      std::sort(near.begin(), near.end());
      // The row and its copies are the first of its own neighbours.
      std::int64_t copies = weights.empty() ? 1 : weights[row];
      for (std::size_t j = 0; j < k && copies <= min_samples; ++j) {
        core[row] = near[j].first;
        copies += weights.empty() ? 1 : weights[idx(near[j].second)];
      }
    }
    if (stage != nullptr) stage->advance(block.end - block.begin);
  }));
  return core;
}

Result<std::vector<TreeEdge>> prim(MatrixView<const float> x, std::span<const double> core,
                                   double alpha, Stage* stage, RunContext& run) {
  const std::size_t n = x.rows();
  TG_EXPECTS(core.size() == n && n > 0);
  std::vector<Outside> outside(n - 1);
  for (std::size_t i = 0; i + 1 < n; ++i) outside[i].row = narrow<std::int32_t>(i + 1);
  std::vector<std::size_t> nearest(block_count(n, kRowGrain));  // By block: position of the least.
  std::vector<TreeEdge> edges;
  edges.reserve(n - 1);
  std::int32_t added = 0;
  while (!outside.empty()) {
    TG_TRY(parallel_blocks(run, outside.size(), kRowGrain, [&](const Block& block) {
      std::size_t best = block.begin;
      for (std::size_t i = block.begin; i < block.end; ++i) {
        Outside& other = outside[i];
        const double reach = std::max(core[idx(added)], core[idx(other.row)]);
        const double weight = std::max(reach, distance_between(x, added, other.row) / alpha);
        other.least = std::min(other.least, tree_edge(weight, added, other.row));
        if (other.least < outside[best].least) best = i;
      }
      nearest[block.index] = best;
    }));
    const auto end =
        nearest.begin() + static_cast<std::ptrdiff_t>(block_count(outside.size(), kRowGrain));
    const std::size_t next = *std::min_element(
        nearest.begin(), end,
        [&](std::size_t a, std::size_t b) { return outside[a].least < outside[b].least; });
    edges.push_back(outside[next].least);
    added = outside[next].row;
    outside[next] = outside.back();
    outside.pop_back();
    if (stage != nullptr) stage->advance();
  }
  return edges;
}

}  // namespace topograph::detail
