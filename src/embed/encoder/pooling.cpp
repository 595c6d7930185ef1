#include "embed/encoder/pooling.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.hpp"
#include "topograph/core/expects.hpp"

namespace topograph::detail {
namespace {

/// out = sum_t weight(t) * tokens[t] / divisor
template <class Weight>
void weighted_sum(MatrixView<const float> tokens, Weight&& weight, double divisor,
                  std::span<float> out) {
  std::vector<double> sum(out.size(), 0.0);
  for (std::size_t t = 0; t < tokens.rows(); ++t) {
    const auto row = tokens.row(t);
    const double w = weight(t);
    for (std::size_t j = 0; j < out.size(); ++j) sum[j] += w * static_cast<double>(row[j]);
  }
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = static_cast<float>(sum[j] / divisor);
}

/// Pools with weights 1, 2, 3 … that began `first` tokens earlier.
void pool_weighted(MatrixView<const float> tokens, std::size_t first, std::span<float> out) {
  const auto weight = [&](std::size_t t) { return static_cast<double>(first + t + 1); };
  double total = 0;
  for (std::size_t t = 0; t < tokens.rows(); ++t) total += weight(t);
  weighted_sum(tokens, weight, total, out);
}

void pool_one(MatrixView<const float> tokens, std::size_t first, PoolingMode mode,
              std::span<float> out) {
  const auto n = static_cast<double>(tokens.rows());
  const auto one = [](std::size_t) { return 1.0; };
  switch (mode) {
    case PoolingMode::cls: std::ranges::copy(tokens.row(0), out.begin()); return;
    case PoolingMode::last_token:
      std::ranges::copy(tokens.row(tokens.rows() - 1), out.begin());
      return;
    case PoolingMode::max:
      std::ranges::copy(tokens.row(0), out.begin());
      for (std::size_t t = 1; t < tokens.rows(); ++t) {
        const auto row = tokens.row(t);
        for (std::size_t j = 0; j < out.size(); ++j) out[j] = std::max(out[j], row[j]);
      }
      return;
    case PoolingMode::mean: weighted_sum(tokens, one, n, out); return;
    case PoolingMode::mean_sqrt_len: weighted_sum(tokens, one, std::sqrt(n), out); return;
    case PoolingMode::weighted_mean: pool_weighted(tokens, first, out); return;
  }
}

}  // namespace

void pool_tokens(MatrixView<const float> tokens, std::size_t n_skipped,
                 std::span<const PoolingMode> modes, std::span<float> out) {
  const std::size_t width = tokens.cols();
  TG_EXPECTS(out.size() == modes.size() * width);
  if (tokens.rows() <= n_skipped) {
    std::ranges::fill(out, 0.0F);
    return;
  }
  const MatrixView<const float> kept(tokens.row(n_skipped).data(), tokens.rows() - n_skipped, width,
                                     tokens.stride());
  for (std::size_t m = 0; m < modes.size(); ++m) {
    pool_one(kept, n_skipped, modes[m], out.subspan(m * width, width));
  }
}

void normalize_row(std::span<float> row) {
  const double squared = kernels::active().dot(row.data(), row.data(), row.size());
  const double norm = std::max(std::sqrt(squared), 1e-12);
  for (float& value : row) value = static_cast<float>(static_cast<double>(value) / norm);
}

}  // namespace topograph::detail
