#include "topograph/cluster/unit_rows.hpp"

#include <cmath>

#include "kernels/kernels.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {

Result<Matrix<float>> unit_rows(MatrixView<const float> x, RunContext& run) {
  Matrix<float> unit(x.rows(), x.cols());
  TG_TRY(parallel_blocks(run, x.rows(), 1024, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const auto from = x.row(row);
      const double norm = std::sqrt(kernels::active().dot(from.data(), from.data(), from.size()));
      if (norm == 0) continue;
      for (std::size_t t = 0; t < from.size(); ++t) {
        unit[row, t] = static_cast<float>(static_cast<double>(from[t]) / norm);
      }
    }
  }));
  return unit;
}

}  // namespace topograph
