#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// Token `t` stands for `weights[t] * table[mapping[t]]`; an empty `mapping` is the identity. The
/// table is float32 or, as int8 models store it, a quarter of that; the other matrix is empty.
struct StaticVectors {
  Matrix<float> floats = {};
  Matrix<std::int8_t> bytes = {};
  std::vector<float> weights = {};  ///< One a token.
  std::vector<std::int32_t> mapping = {};

  [[nodiscard]] std::size_t n_rows() const;
  [[nodiscard]] std::size_t n_columns() const;

  /// sum = the sum of the tokens' vectors: float32 products, added in float64 in order.
  /// @param ids      Tokens; holds rows of the table afterwards.
  /// @param scratch  Used again from call to call.
  void add_up(std::vector<std::int32_t>& ids, std::vector<float>& scratch,
              std::span<double> sum) const;
};

/// sum = the sum of the rows `ids` of `table`, added in float64 in order.
void add_up_rows(MatrixView<const float> table, std::span<const std::int32_t> ids,
                 std::span<double> sum);

}  // namespace topograph::detail
