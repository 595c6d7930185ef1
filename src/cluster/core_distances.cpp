#include "cluster/core_distances.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "cluster/nearest_points.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/prim.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace detail {
namespace {

constexpr std::size_t kQueryGrain = 256;

/// Squared distance at which `wanted` copies are reached.
double squared_at(std::span<const NearestPoints::Found> found,
                  std::span<const std::int32_t> weights, std::int64_t wanted) {
  std::int64_t copies = 0;
  for (const NearestPoints::Found& point : found) {
    copies += weights.empty() ? 1 : weights[idx(point.id)];
    if (copies >= wanted) return point.squared;
  }
  return found.back().squared;
}

}  // namespace

Result<DensePoints> find_core_distances(const KdTree& tree, std::span<const std::int32_t> weights,
                                        int min_samples, std::size_t n_near, Stage* stage,
                                        RunContext& run) {
  const std::size_t n = tree.n_points();
  const std::int64_t copies =
      weights.empty() ? static_cast<std::int64_t>(n)
                      : std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  // The point itself is the first of its own neighbours.
  const std::int64_t wanted = std::min<std::int64_t>(copies, std::int64_t{min_samples} + 1);
  const std::size_t k = std::min(n, static_cast<std::size_t>(wanted));
  DensePoints result;
  result.core.resize(n);
  result.near = Matrix<std::int32_t>(n, std::min(k, n_near));
  TG_TRY(parallel_blocks(run, n, kQueryGrain, [&](const Block& block) {
    NearestPoints nearest(tree, k);
    std::vector<double> query(tree.n_dims());
    for (std::size_t position = block.begin; position < block.end; ++position) {
      tree.read_point(position, query);
      const auto found = nearest.find(query);
      result.core[idx(tree.ids()[position])] = std::sqrt(squared_at(found, weights, wanted));
      for (std::size_t j = 0; j < result.near.cols(); ++j) {
        result.near[position, j] = found[j].position;
      }
    }
    if (stage != nullptr) stage->advance(block.end - block.begin);
  }));
  return result;
}

}  // namespace detail

Result<std::vector<double>> core_distances(MatrixView<const float> x,
                                           std::span<const std::int32_t> weights, int min_samples,
                                           RunContext& run) {
  if (min_samples < 1) {
    return option_error("min_samples", "expected at least 1, found " + std::to_string(min_samples));
  }
  TG_TRY(detail::check_points(x, "core_distances", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "core_distances"));
  if (x.rows() == 0) return std::vector<double>{};
  if (x.cols() > detail::kMaxTreeDims) {
    return detail::scan_core_distances(x, weights, min_samples, nullptr, run);
  }
  const detail::KdTree tree(x);
  TG_TRY(auto dense, detail::find_core_distances(tree, weights, min_samples, 0, nullptr, run));
  return std::move(dense.core);
}

}  // namespace topograph
