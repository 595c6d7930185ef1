#include "topograph/core/finite_rows.hpp"

#include <cmath>
#include <string>

#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 1024;

}  // namespace

Result<void> check_finite_rows(MatrixView<const float> x, std::string_view what, RunContext& run,
                               std::size_t first_row) {
  return parallel_blocks(run, x.rows(), row_grain, [&](const Block& block) -> Result<void> {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      // A sum of zeros is finite, a sum with 0 * inf or 0 * nan is not: no branch a number.
      float sum = 0;
      for (const float value : x.row(r)) sum += value * 0.0F;
      if (sum == 0.0F) continue;
      const std::string name = what.empty() ? "row " : std::string(what) + " row ";
      return input_error(ErrorCode::invalid_argument, name + std::to_string(first_row + r),
                         "expected finite numbers, found NaN or infinity",
                         "remove the row or repair its vector");
    }
    return {};
  });
}

}  // namespace topograph
