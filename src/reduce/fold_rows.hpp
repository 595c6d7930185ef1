#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// Rows with the same bytes as one point each, numbered by their first row.
struct RowFold {
  std::vector<std::int32_t> point_of_row = {};
  std::vector<std::int32_t> first_row = {};  ///< Of each point.
  std::vector<std::int32_t> copies = {};     ///< Rows of each point.

  [[nodiscard]] std::size_t n_points() const { return first_row.size(); }
};

/// @error invalid_argument: a value that is not finite (row named).  @cost O(n log n d) at most.
[[nodiscard]] Result<RowFold> fold_equal_rows(MatrixView<const float> x, RunContext& run);

/// The points of an input: of rows and starts the first, of numbers the mean, labels where they
/// agree and else unknown, of copies the sum.
struct FoldedInput {
  RowFold fold = {};
  Matrix<float> x = {};
  Matrix<float> start = {};
  Matrix<float> values = {};
  std::vector<std::int32_t> labels = {};

  /// All but x.
  [[nodiscard]] UmapInput rest() const {
    return {.targets = {.labels = labels, .values = values.view()},
            .start = start.view(),
            .copies = fold.copies};
  }
};

/// @param input  What is given of it has as many rows as x; neighbours are not read.
/// @error        that of fold_equal_rows; invalid_argument: labels, values, starts or copies of
///               another length.
[[nodiscard]] Result<FoldedInput> folded_input(const UmapInput& input, RunContext& run);

/// For each row what its point has.
[[nodiscard]] Matrix<float> unfolded(const RowFold& fold, MatrixView<const float> points);

}  // namespace topograph::detail
