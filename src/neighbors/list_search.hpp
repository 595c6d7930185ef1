#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/candidates.hpp"
#include "neighbors/nearest_scores.hpp"
#include "neighbors/panel_scanner.hpp"
#include "neighbors/row_lists.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Finds, for up to `size` stored rows at a time, the best positions of their `n_probe` nearest
/// lists; scratch of one worker.
class ListSearch {
 public:
  ListSearch(const RowLists& lists, std::size_t size, std::size_t n_probe, std::size_t keep);

  /// Searches for the chosen `rows` (distinct lists are visited once for all of them). A row with
  /// fewer than `least` results is compared with all rows. @error cancelled.
  [[nodiscard]] Result<void> search(const StoredRows& rows, std::span<const std::int32_t> chosen,
                                    std::size_t least, RunContext& run);
  /// Positions found for the i-th of the rows, best first.
  [[nodiscard]] std::span<const ScoredRow> found(std::size_t i) { return nearest_.sorted(i); }

 private:
  struct Visit {
    bool is_second = false;  ///< The nearest lists come first: they make the limits tight.
    std::int32_t list = 0;
    std::int32_t target = 0;
    [[nodiscard]] auto operator<=>(const Visit&) const = default;
  };
  void plan_visits(const StoredRows& rows, std::span<const std::int32_t> chosen);

  const RowLists& lists_;
  PanelScanner scanner_;
  NearestScores probes_;
  NearestScores nearest_;
  std::vector<Visit> visits_ = {};
  std::vector<std::int32_t> all_targets_ = {};
  std::vector<std::int32_t> chosen_ = {};
  std::vector<std::int32_t> targets_ = {};
};

/// Whether found rows are ranked as stored (enough to go on searching) or measured exactly.
enum class Ranking : std::uint8_t { as_stored, measured };

/// Turns found positions into the k nearest groups, ascending.
class GroupRanking {
 public:
  GroupRanking(const MetricRows& rows, const EqualRows& groups, const RowLists& lists,
               Ranking ranking)
      : rows_(rows), groups_(groups), lists_(lists), ranking_(ranking), scratch_(rows.cols()) {}

  /// @param self   A group to leave out, -1 for none.
  /// @param equal  A group that is measured whether found or not, -1 for none.
  void nearest(const RowAtHand& query, std::span<const ScoredRow> found, std::int32_t self,
               std::int32_t equal, std::size_t k, std::vector<Neighbor>& out);

 private:
  [[nodiscard]] float distance(const RowAtHand& query, std::int32_t group);

  const MetricRows& rows_;
  const EqualRows& groups_;
  const RowLists& lists_;
  Ranking ranking_ = Ranking::measured;
  std::vector<float> scratch_;
};

}  // namespace topograph
