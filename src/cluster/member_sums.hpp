#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A row that goes from one cluster to another; `from` -1: it had none.
struct MemberMove {
  std::int32_t row = 0;
  std::int32_t from = -1;
  std::int32_t to = 0;
};

/// Weighted sums of the rows of every cluster in float64, kept up to date by moves: rows that stay
/// are not read again.
class MemberSums {
 public:
  MemberSums(std::size_t n_clusters, std::size_t n_columns)
      : sums_(n_clusters, n_columns), weights_(n_clusters, 0) {}

  /// Moves are added in block order, cluster by cluster: the same bits for any thread count.
  [[nodiscard]] Result<void> apply(MatrixView<const float> x, std::span<const std::int32_t> weights,
                                   std::span<const std::vector<MemberMove>> moves, RunContext& run);
  void add(std::span<const float> row, std::int64_t weight, std::size_t cluster);

  [[nodiscard]] std::int64_t weight(std::size_t cluster) const { return weights_[cluster]; }
  [[nodiscard]] std::vector<double> sum(std::size_t cluster) const {
    return {sums_.row(cluster).begin(), sums_.row(cluster).end()};
  }
  /// The mean of a cluster, of unit length if asked for; `fallback` when it has no direction then.
  void write_mean(std::size_t cluster, bool is_unit, std::span<const float> fallback,
                  std::span<float> out) const;

 private:
  Matrix<double> sums_;
  std::vector<std::int64_t> weights_;
};

}  // namespace topograph::detail
