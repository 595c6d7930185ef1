#include "topograph/core/finite_rows.hpp"

#include <string>

#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 1024;

bool is_finite(std::span<const float> row) {
  // A sum of zeros is finite, a sum with 0 * inf or 0 * nan is not: no branch a number.
  float sum = 0;
  for (const float value : row) sum += value * 0.0F;
  return sum == 0.0F;
}

bool is_finite(std::span<const std::uint16_t> halves) {
  constexpr std::uint32_t exponent = 0x7C00;
  bool is_all = true;
  for (const std::uint16_t half : halves) is_all &= (half & exponent) != exponent;
  return is_all;
}

}  // namespace

Result<void> check_finite_rows(const RowsView& x, std::string_view what, RunContext& run,
                               std::size_t first_row) {
  return parallel_blocks(run, x.rows(), row_grain, [&](const Block& block) -> Result<void> {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      if (x.is_half() ? is_finite(x.halves().row(r)) : is_finite(x.floats().row(r))) continue;
      const std::string name = what.empty() ? "row " : std::string(what) + " row ";
      return input_error(ErrorCode::invalid_argument, name + std::to_string(first_row + r),
                         "expected finite numbers, found NaN or infinity",
                         "remove the row or repair its vector");
    }
    return {};
  });
}

}  // namespace topograph
