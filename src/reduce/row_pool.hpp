#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The rows that negative samples are read from: a copy of the layout in random order, sixteen rows
/// side by side (kernels/layout.hpp), so that samples are read one after another instead of from
/// all over the memory. A row is there as often as it weighs; small layouts are there many times,
/// so that no pattern shows.
class RowPool {
 public:
  /// @param n_rows   Of the layout, whose own order is random.
  /// @param weights  (n_rows) copies of each row, or empty: one each.
  RowPool(std::size_t n_rows, std::size_t dim, std::span<const std::int32_t> weights,
          RandomKey key);

  /// Copies the rows as they are now, moved on by a random number of places, another one for every
  /// `turn`.
  /// @determinism A function of the rows, the key and the turn.
  [[nodiscard]] Result<void> fill(MatrixView<const float> rows, std::uint64_t turn,
                                  RunContext& run);

  [[nodiscard]] const float* data() const { return blocks_.data(); }
  [[nodiscard]] std::size_t n_blocks() const { return blocks_.rows(); }

 private:
  [[nodiscard]] std::size_t row_at(std::size_t place) const;

  RandomKey key_;
  std::size_t n_places_ = 0;
  std::vector<std::int32_t> row_of_place_ = {};  ///< Empty: place i is row i.
  Matrix<float> blocks_ = {};                    ///< (n_blocks, (dim + 1) * 16)
};

}  // namespace topograph::detail
