#include "topograph/cluster/given_labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "cluster/member_sums.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 256;

float strength_of(std::span<const float> row, const Matrix<float>& centers, std::size_t own) {
  double nearest = std::numeric_limits<double>::infinity();
  double to_own = 0;
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    const double distance = std::sqrt(
        kernels::active().squared_distance(row.data(), centers.row(c).data(), row.size()));
    if (c == own) {
      to_own = distance;
    } else {
      nearest = std::min(nearest, distance);
    }
  }
  const double share = nearest > 0 ? 1 - to_own / nearest : 0.0;
  return static_cast<float>(std::clamp(share, 0.0, 1.0));
}

}  // namespace

Result<GivenClusters> given_labels(MatrixView<const float> x, std::span<const std::int32_t> weights,
                                   std::span<const std::int32_t> labels, RunContext& run) {
  TG_TRY(detail::check_points(x, "given", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "given"));
  if (labels.size() != x.rows()) {
    return input_error(
        ErrorCode::invalid_argument, "given",
        "expected " + std::to_string(x.rows()) + " labels, found " + std::to_string(labels.size()));
  }
  GivenClusters out;
  out.clusters.labels.assign(labels.begin(), labels.end());
  const std::size_t k = detail::number_by_size(out.clusters.labels, weights).size();
  out.clusters.n_clusters = narrow<std::int32_t>(k);
  std::vector<std::vector<detail::MemberMove>> moves(1);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const std::int32_t label = out.clusters.labels[row];
    if (label >= 0) moves[0].push_back({narrow<std::int32_t>(row), -1, label});
  }
  detail::MemberSums sums(k, x.cols());
  TG_TRY(sums.apply(x, weights, moves, run));
  out.centers = Matrix<float>(k, x.cols());
  for (std::size_t c = 0; c < k; ++c) sums.write_mean(c, false, {}, out.centers.row(c));
  out.clusters.strength.assign(x.rows(), 0.0F);
  TG_TRY(parallel_blocks(run, x.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const std::int32_t label = out.clusters.labels[row];
      if (label >= 0) out.clusters.strength[row] = strength_of(x.row(row), out.centers, idx(label));
    }
  }));
  return out;
}

}  // namespace topograph
