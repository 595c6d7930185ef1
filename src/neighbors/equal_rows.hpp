#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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

  [[nodiscard]] std::size_t size() const { return first.size(); }
  [[nodiscard]] bool all_distinct() const { return first.size() == members.size(); }
  [[nodiscard]] std::span<const std::int32_t> group(std::size_t g) const {
    const auto begin = static_cast<std::size_t>(offsets[g]);
    return std::span(members).subspan(begin, static_cast<std::size_t>(offsets[g + 1]) - begin);
  }
};

[[nodiscard]] Result<EqualRows> group_equal_rows(const MetricRows& rows, RunContext& run);

}  // namespace topograph
