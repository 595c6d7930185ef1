#include "cluster/member_sums.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kColumnGrain = 128;

/// Rows that join (positive weight) or leave (negative) each cluster.
struct SignedRows {
  std::vector<std::size_t> first = {};  ///< (clusters + 1)
  std::vector<std::int32_t> rows = {};
  std::vector<float> weights = {};
};

SignedRows by_cluster(std::size_t n_clusters, std::span<const std::int32_t> weights,
                      std::span<const std::vector<MemberMove>> moves) {
  SignedRows sorted;
  sorted.first.assign(n_clusters + 1, 0);
  for (const auto& of_block : moves) {
    for (const MemberMove& move : of_block) {
      ++sorted.first[idx(move.to) + 1];
      if (move.from >= 0) ++sorted.first[idx(move.from) + 1];
    }
  }
  for (std::size_t c = 0; c < n_clusters; ++c) sorted.first[c + 1] += sorted.first[c];
  sorted.rows.resize(sorted.first.back());
  sorted.weights.resize(sorted.first.back());
  std::vector<std::size_t> next(sorted.first.begin(), sorted.first.end() - 1);
  const auto put = [&](std::int32_t cluster, std::int32_t row, float sign) {
    const std::size_t at = next[idx(cluster)]++;
    sorted.rows[at] = row;
    sorted.weights[at] = sign * (weights.empty() ? 1.0F : static_cast<float>(weights[idx(row)]));
  };
  for (const auto& of_block : moves) {
    for (const MemberMove& move : of_block) {
      put(move.to, move.row, 1.0F);
      if (move.from >= 0) put(move.from, move.row, -1.0F);
    }
  }
  return sorted;
}

}  // namespace

Result<void> MemberSums::apply(MatrixView<const float> x, std::span<const std::int32_t> weights,
                               std::span<const std::vector<MemberMove>> moves, RunContext& run) {
  const SignedRows sorted = by_cluster(weights_.size(), weights, moves);
  for (const auto& of_block : moves) {
    for (const MemberMove& move : of_block) {
      const std::int64_t weight = weights.empty() ? 1 : weights[idx(move.row)];
      weights_[idx(move.to)] += weight;
      if (move.from >= 0) weights_[idx(move.from)] -= weight;
    }
  }
  const std::size_t n_chunks = block_count(x.cols(), kColumnGrain);
  return parallel_blocks(run, weights_.size() * n_chunks, 1, [&](const Block& block) {
    const std::size_t cluster = block.begin / n_chunks;
    const std::size_t column = block.begin % n_chunks * kColumnGrain;
    const std::size_t n_columns = std::min(kColumnGrain, x.cols() - column);
    const std::size_t first = sorted.first[cluster];
    const std::size_t count = sorted.first[cluster + 1] - first;
    if (count == 0) return;
    double added[kColumnGrain];
    kernels::active().sum_rows_f32(
        x.data() + column, {sorted.rows.data() + first, sorted.weights.data() + first, count,
                            x.stride(), n_columns, added});
    const auto sum = sums_.row(cluster).subspan(column, n_columns);
    for (std::size_t t = 0; t < n_columns; ++t) sum[t] += added[t];
  });
}

void MemberSums::add(std::span<const float> row, std::int64_t weight, std::size_t cluster) {
  weights_[cluster] += weight;
  const auto sum = sums_.row(cluster);
  for (std::size_t t = 0; t < row.size(); ++t) {
    sum[t] += static_cast<double>(static_cast<float>(weight) * row[t]);
  }
}

void MemberSums::write_mean(std::size_t cluster, bool is_unit, std::span<const float> fallback,
                            std::span<float> out) const {
  const auto sum = sums_.row(cluster);
  double scale = static_cast<double>(weights_[cluster]);
  if (is_unit) {
    double squared = 0;
    for (const double value : sum) squared += value * value;
    scale = std::sqrt(squared);
  }
  if (!(scale > 0)) {
    std::ranges::copy(fallback, out.begin());
    return;
  }
  for (std::size_t t = 0; t < out.size(); ++t) out[t] = static_cast<float>(sum[t] / scale);
}

}  // namespace topograph::detail
