#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/candidates.hpp"
#include "neighbors/equal_rows.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The first `limit` rows among the members of the given groups, by (distance, id).
void expand_groups(const EqualRows& groups, std::span<const Neighbor> nearest, std::size_t limit,
                   std::vector<Neighbor>& out);

/// Fills one row of the graph from sorted neighbours, leaving `self` out (-1: nobody).
void write_row(KnnGraph& graph, std::size_t row, std::span<const Neighbor> nearest,
               std::int32_t self);

[[nodiscard]] KnnGraph empty_graph(std::size_t rows, std::size_t k);

/// The k nearest groups of every group, itself left out, as (groups, k).
struct NearestGroups {
  std::size_t k = 0;
  std::vector<Neighbor> neighbors = {};

  [[nodiscard]] std::span<const Neighbor> row(std::size_t i) const {
    return std::span(neighbors).subspan(i * k, k);
  }
};

/// The graph of the rows, given that of their groups.
[[nodiscard]] Result<KnnGraph> rows_of_groups(const MetricRows& rows, const EqualRows& groups,
                                              const NearestGroups& nearest, std::size_t k,
                                              RunContext& run);

}  // namespace topograph
