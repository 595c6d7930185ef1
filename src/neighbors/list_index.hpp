#pragma once

#include <cstddef>

#include "neighbors/equal_rows.hpp"
#include "neighbors/group_rows.hpp"
#include "neighbors/metric_rows.hpp"
#include "neighbors/packed_rows.hpp"
#include "neighbors/row_lists.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

struct ListSearchSettings {
  NeighborStorage storage = NeighborStorage::int8;  ///< Never `automatic`.
  std::size_t n_lists = 1;
  std::size_t n_probe = 1;     ///< Lists searched for each row.
  std::size_t n_measured = 1;  ///< Best rows as stored that are measured exactly.
  std::size_t n_refine = 0;    ///< Rounds among the neighbours of neighbours (own rows only).
};

/// Approximate search: stored rows are compared with the rows of the nearest lists, the
/// best are measured exactly, and the graph is improved among neighbours of neighbours.
class ListIndex {
 public:
  /// @param needed  What `bytes` says; rows are kept as the metric needs them where there is more.
  [[nodiscard]] static Result<ListIndex> build(const RowsView& x, std::size_t needed, Metric metric,
                                               const ListSearchSettings& settings, RunContext& run);
  [[nodiscard]] static std::size_t bytes(const RowsView& x, std::size_t k, Metric metric,
                                         const ListSearchSettings& settings);

  [[nodiscard]] Result<KnnGraph> graph(std::size_t k, RunContext& run) const;
  [[nodiscard]] Result<KnnGraph> query(MatrixView<const float> queries, std::size_t k,
                                       RunContext& run) const;

  /// Bytes kept beside the input.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t n_lists() const { return lists_.size(); }
  [[nodiscard]] const MetricRows& rows() const { return rows_; }
  [[nodiscard]] const EqualRows& groups() const { return groups_; }
  [[nodiscard]] const SearchFrame& frame() const { return frame_; }

 private:
  ListIndex(MetricRows rows, EqualRows groups, SearchFrame frame, RowLists lists,
            const ListSearchSettings& settings);
  [[nodiscard]] Result<NearestGroups> scan_own(std::size_t k, std::size_t n_measured, Stage& stage,
                                               RunContext& run) const;

  MetricRows rows_;
  EqualRows groups_;
  SearchFrame frame_;
  RowLists lists_;
  ListSearchSettings settings_;
};

}  // namespace topograph
