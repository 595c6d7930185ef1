#include "reduce/row_pool.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "kernels/layout.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

using kernels::pool_rows;

constexpr std::size_t fewest_places = 4096;

/// Every row as often as it weighs, all of them again until there are enough.
std::vector<std::int32_t> repeated_rows(std::size_t n_rows, std::span<const std::int32_t> weights) {
  std::vector<std::int32_t> rows;
  do {
    for (std::size_t r = 0; r < n_rows; ++r) {
      const std::int32_t copies = weights.empty() ? 1 : weights[r];
      rows.insert(rows.end(), idx(copies), narrow<std::int32_t>(r));
    }
  } while (rows.size() < fewest_places);
  return rows;
}

std::vector<std::int32_t> shuffled(const std::vector<std::int32_t>& rows, RandomKey key) {
  const std::vector<std::int32_t> order = random_permutation(key, rows.size());
  std::vector<std::int32_t> result(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) result[i] = rows[idx(order[i])];
  return result;
}

}  // namespace

RowPool::RowPool(std::size_t n_rows, std::size_t dim, std::span<const std::int32_t> weights,
                 RandomKey key)
    : key_(key), n_places_(n_rows) {
  if (!weights.empty() || n_rows < fewest_places) {
    row_of_place_ = shuffled(repeated_rows(n_rows, weights), key);
    n_places_ = row_of_place_.size();
  }
  blocks_ = Matrix<float>(block_count(n_places_, pool_rows), (dim + 1) * pool_rows);
}

std::size_t RowPool::row_at(std::size_t place) const {
  if (place >= n_places_) place -= n_places_;
  if (place >= n_places_) place -= n_places_;  // the last block reads on from the first
  return row_of_place_.empty() ? place : idx(row_of_place_[place]);
}

Result<void> RowPool::fill(MatrixView<const float> rows, std::uint64_t turn, RunContext& run) {
  const std::size_t first = uniform_below(key_, turn, 1, n_places_);
  return parallel_blocks(run, n_blocks(), 512, [&](const Block& part) {
    for (std::size_t b = part.begin; b < part.end; ++b) {
      float* block = blocks_.row(b).data();
      for (std::size_t r = 0; r < pool_rows; ++r) {
        const std::size_t row = row_at(b * pool_rows + r + first);
        for (std::size_t d = 0; d < rows.cols(); ++d) block[d * pool_rows + r] = rows[row, d];
        block[rows.cols() * pool_rows + r] = std::bit_cast<float>(narrow<std::int32_t>(row));
      }
    }
  });
}

}  // namespace topograph::detail
