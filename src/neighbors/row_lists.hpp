#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "neighbors/equal_rows.hpp"
#include "neighbors/stored_rows.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Groups of equal rows, stored and sorted into lists of rows that lie close together: each list
/// belongs to one center of a k-means on a sample. A list starts at a whole panel, so positions
/// have gaps; `group_at` is -1 there.
struct RowLists {
  std::vector<std::size_t> starts = {};     ///< lists + 1 positions.
  std::vector<std::int32_t> group_at = {};  ///< (positions)
  StoredPanels centers = {};                ///< One a list, in the order of the lists.
  StoredRows rows = {};                     ///< (positions)
  StoredPanels panels = {};                 ///< (positions)

  [[nodiscard]] std::size_t size() const { return starts.size() - 1; }
  [[nodiscard]] std::size_t positions() const { return group_at.size(); }

  /// @param n_lists  Centers to train, at least 1; long lists are cut, so there may be more lists.
  /// @determinism    Depends on the rows and the settings only, not on the run's seed.
  [[nodiscard]] static Result<RowLists> make(const MetricRows& rows, const EqualRows& groups,
                                             const SearchFrame& frame, NeighborStorage storage,
                                             std::size_t n_lists, RunContext& run);
  /// What `make` needs at most.
  [[nodiscard]] static std::size_t bytes(std::size_t rows, std::size_t cols,
                                         NeighborStorage storage, std::size_t n_lists);
  /// What is kept.
  [[nodiscard]] std::size_t bytes() const;
};

}  // namespace topograph
