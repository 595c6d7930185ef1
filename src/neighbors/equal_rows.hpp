#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "neighbors/metric_rows.hpp"

namespace topograph {

/// Rows with identical bytes, grouped. Groups are ordered by their smallest row, members ascend.
///
/// Searching among distinct rows only keeps exact search cheap when thousands of rows are equal:
/// each such row would otherwise be an equally good answer for all the others.
struct EqualRows {
  std::vector<std::int32_t> first = {};    ///< Smallest row of each group, ascending.
  std::vector<std::int64_t> offsets = {};  ///< groups + 1 positions in `members`.
  std::vector<std::int32_t> members = {};
  std::vector<std::pair<std::uint64_t, std::int32_t>> by_hash = {};  ///< Hash and group, ascending.

  [[nodiscard]] std::size_t size() const { return first.size(); }
  [[nodiscard]] bool all_distinct() const { return first.size() == members.size(); }
  [[nodiscard]] std::span<const std::int32_t> group(std::size_t g) const {
    const auto begin = static_cast<std::size_t>(offsets[g]);
    return std::span(members).subspan(begin, static_cast<std::size_t>(offsets[g + 1]) - begin);
  }
  /// The group of the rows with the same bytes as `row` (cols), -1: there is none.
  [[nodiscard]] std::int32_t group_like(const MetricRows& rows, const float* row,
                                        std::span<float> scratch) const;

  [[nodiscard]] static std::size_t bytes(std::size_t n_rows) {
    return n_rows * (2 * sizeof(std::int32_t) + sizeof(std::int64_t) + 16);
  }
};

[[nodiscard]] Result<EqualRows> group_equal_rows(const MetricRows& rows, RunContext& run);

}  // namespace topograph
