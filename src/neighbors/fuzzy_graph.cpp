#include "topograph/neighbors/fuzzy_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "neighbors/fuzzy_edges.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 512;

Result<void> check_ids(const KnnGraph& knn, RunContext& run) {
  TG_EXPECTS(knn.ids.rows() == knn.distances.rows() && knn.ids.cols() == knn.distances.cols());
  return parallel_blocks(run, knn.rows(), row_grain, [&](const Block& block) -> Result<void> {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (const std::int32_t id : knn.ids.row(i)) {
        if (id >= 0 && idx(id) < knn.rows()) continue;
        return input_error(ErrorCode::invalid_argument, fmt::format("knn row {}", i),
                           fmt::format("expected ids from 0 to {}, found {}", knn.rows() - 1, id));
      }
    }
    return {};
  });
}

KnnGraph without_far_edges(const KnnGraph& knn, float disconnection_distance) {
  KnnGraph near = knn;
  for (std::size_t i = 0; i < near.rows(); ++i) {
    for (float& distance : near.distances.row(i)) {
      if (distance >= disconnection_distance) distance = std::numeric_limits<float>::infinity();
    }
  }
  return near;
}

}  // namespace

Result<Matrix<float>> membership_strengths(const KnnGraph& knn, const SmoothKnn& scales,
                                           RunContext& run) {
  TG_EXPECTS(scales.rhos.size() == knn.rows() && scales.sigmas.size() == knn.rows());
  Matrix<float> weights(knn.rows(), knn.k());
  TG_TRY(parallel_blocks(run, knn.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (std::size_t j = 0; j < knn.k(); ++j) {
        const float distance = knn.distances[i, j];
        if (!std::isfinite(distance) || knn.ids[i, j] == narrow<std::int32_t>(i)) continue;
        const float beyond = distance - scales.rhos[i];
        const bool is_full = beyond <= 0 || scales.sigmas[i] == 0;
        weights[i, j] = is_full ? 1.0F : std::exp(-(beyond / scales.sigmas[i]));
      }
    }
  }));
  return weights;
}

Result<FuzzyGraph> fuzzy_graph(const KnnGraph& knn, const FuzzyGraphOptions& options,
                               RunContext& run) {
  if (!(options.set_op_mix_ratio >= 0 && options.set_op_mix_ratio <= 1)) {
    return option_error("set_op_mix_ratio", fmt::format("expected a number from 0 to 1, found {}",
                                                        options.set_op_mix_ratio));
  }
  if (std::isfinite(options.disconnection_distance)) {
    FuzzyGraphOptions connected = options;
    connected.disconnection_distance = std::numeric_limits<float>::infinity();
    return fuzzy_graph(without_far_edges(knn, options.disconnection_distance), connected, run);
  }
  TG_TRY(check_ids(knn, run));
  TG_TRY(const SmoothKnn scales, smooth_knn(knn, options.local_connectivity, run));
  TG_TRY(const Matrix<float> weights, membership_strengths(knn, scales, run));
  TG_TRY(const Csr<float> directed, directed_edges(knn, weights, run));
  TG_TRY(Csr<float> edges, mixed_union(directed.view(), options.set_op_mix_ratio, run));
  return FuzzyGraph{std::move(edges)};
}

}  // namespace topograph
