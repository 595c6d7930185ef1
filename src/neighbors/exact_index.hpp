#pragma once

#include "neighbors/equal_rows.hpp"
#include "neighbors/metric_rows.hpp"
#include "neighbors/packed_rows.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Rows prepared for exact search: scaled, grouped and packed once, searched any number of times.
class ExactIndex {
 public:
  /// @error invalid_argument: no rows, a value that is not finite (first row named), values too far
  ///        apart for float32; the memory budget.
  [[nodiscard]] static Result<ExactIndex> build(const RowsView& x, Metric metric, const char* name,
                                                RunContext& run);

  /// Bytes kept beside the input.
  [[nodiscard]] std::size_t bytes() const;
  /// The k nearest other rows of every row, 1 <= k < rows.
  [[nodiscard]] Result<KnnGraph> graph(std::size_t k, RunContext& run) const;
  /// The k nearest rows of every query, 1 <= k <= rows; columns as in the rows.
  [[nodiscard]] Result<KnnGraph> query(MatrixView<const float> queries, std::size_t k,
                                       RunContext& run) const;

 private:
  ExactIndex(MetricRows rows, EqualRows groups, SearchFrame frame, PackedRows packed);
  [[nodiscard]] Result<KnnGraph> query_packed(const PackedRows& references,
                                              const PackedRows& packed_queries,
                                              const MetricRows& query_rows,
                                              const SearchFrame& frame, std::size_t k,
                                              RunContext& run) const;

  MetricRows rows_;
  EqualRows groups_;
  SearchFrame frame_;
  PackedRows packed_;
};

}  // namespace topograph
