#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Offsets from row sizes stored at [row + 1].
void accumulate_sizes(std::vector<std::int64_t>& offsets);

/// The directed graph as sparse rows with ascending columns, without zeros.
[[nodiscard]] Result<Csr<float>> directed_edges(const KnnGraph& knn, const Matrix<float>& weights,
                                                RunContext& run);

[[nodiscard]] Result<Csr<float>> reversed_edges(const CsrView<float>& graph, RunContext& run);

/// mix (a + b - ab) + (1 - mix) ab for every pair of opposite edges, zeros dropped.
[[nodiscard]] Result<Csr<float>> mixed_union(const CsrView<float>& graph, float mix,
                                             RunContext& run);

/// Calls take(column, a, b) for every column of either sparse row, 0 where one lacks it.
template <class Take>
void merge_rows(const CsrView<float>& a, const CsrView<float>& b, std::size_t row,
                const Take& take) {
  const auto a_columns = a.row_columns(row);
  const auto b_columns = b.row_columns(row);
  const auto a_values = a.row_values(row);
  const auto b_values = b.row_values(row);
  constexpr std::int32_t end = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0, j = 0; i < a_columns.size() || j < b_columns.size();) {
    const std::int32_t a_column = i < a_columns.size() ? a_columns[i] : end;
    const std::int32_t b_column = j < b_columns.size() ? b_columns[j] : end;
    const float a_value = a_column <= b_column ? a_values[i++] : 0.0F;
    const float b_value = b_column <= a_column ? b_values[j++] : 0.0F;
    take(std::min(a_column, b_column), a_value, b_value);
  }
}

}  // namespace topograph
