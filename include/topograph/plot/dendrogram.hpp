#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/types.hpp"

namespace topograph {

/// Positions of a linkage tree: leaves at 0, 1, 2 … in drawing order, inner nodes in the middle of
/// their two children.
struct Dendrogram {
  std::vector<std::int32_t> leaf_order = {};  ///< Leaf at position 0, 1, 2 …
  std::vector<double> position = {};          ///< Of every node: n leaves, then n - 1 merges.
  std::vector<double> height = {};            ///< Of every node; leaves 0.
  std::vector<std::int32_t> parent = {};      ///< -1 for the root.
};

/// Lays out a linkage of n leaves (n - 1 merges). The smaller-heighted child comes first, so that
/// tight groups stay together; equal heights by the smaller id. @cost O(n)
[[nodiscard]] Dendrogram lay_out_dendrogram(const Linkage& linkage);

/// Group of every node when the tree is cut at `height`: merges below are inside of a group. Groups
/// are numbered by position of their first leaf; nodes above the cut have -1.
[[nodiscard]] std::vector<std::int32_t> groups_below(const Linkage& linkage,
                                                     const Dendrogram& layout, double height);

/// The same with exactly `n_groups` groups (at most one per leaf): all but the last merges.
[[nodiscard]] std::vector<std::int32_t> groups_of_number(const Linkage& linkage,
                                                         const Dendrogram& layout,
                                                         std::size_t n_groups);

}  // namespace topograph
