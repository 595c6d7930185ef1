#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "topograph/cluster/types.hpp"

namespace topograph::detail {

/// An edge between two rows, low < high. Edges are ordered by (weight, low, high): with this total
/// order the minimum spanning tree is unique.
struct TreeEdge {
  double weight = std::numeric_limits<double>::infinity();
  std::int32_t low = std::numeric_limits<std::int32_t>::max();
  std::int32_t high = std::numeric_limits<std::int32_t>::max();

  friend bool operator<(const TreeEdge& a, const TreeEdge& b) {
    if (a.weight != b.weight) return a.weight < b.weight;
    return a.low != b.low ? a.low < b.low : a.high < b.high;
  }
};

[[nodiscard]] inline TreeEdge tree_edge(double weight, std::int32_t a, std::int32_t b) {
  return a < b ? TreeEdge{weight, a, b} : TreeEdge{weight, b, a};
}

/// Sorts the edges into a spanning tree.
[[nodiscard]] SpanningTree as_spanning_tree(std::vector<TreeEdge> edges);

}  // namespace topograph::detail
