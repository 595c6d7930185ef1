#pragma once

#include <cstdint>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/column_table.hpp"

namespace topograph {

/// One row for every cluster of the condensed tree, the root first, parents before children: what
/// an icicle plot or a table of persistence is drawn from.
struct ClusterRows {
  std::vector<std::int32_t> id = {};         ///< Condensed-tree id.
  std::vector<std::int32_t> parent = {};     ///< -1 for the root.
  std::vector<std::int32_t> label = {};      ///< Label it was selected as; -1: not selected.
  std::vector<std::int64_t> size = {};       ///< Weight at its birth.
  std::vector<double> birth = {};            ///< Lambda at which it appears; 0 for the root.
  std::vector<double> death = {};            ///< Largest lambda of its own rows, infinite ones too.
  std::vector<double> stability = {};        ///< Sum of (lambda - birth) * size over its rows.
  std::vector<double> persistence = {};      ///< Of selected ones as in the clustering; else 0.
  std::vector<std::int32_t> exemplars = {};  ///< Number of exemplars of selected ones; else 0.
};

[[nodiscard]] ClusterRows cluster_rows(const HdbscanCut& cut);

/// The same and the trees as tables that `write_table` takes.
/// Columns: id, parent, label, size, birth, death, stability, persistence, exemplars.
[[nodiscard]] ColumnTable cluster_table(const HdbscanCut& cut);
/// Columns: parent, child, lambda, child_size.
[[nodiscard]] ColumnTable condensed_tree_table(const CondensedTree& tree);
/// Columns: left, right, height, size.
[[nodiscard]] ColumnTable linkage_table(const Linkage& linkage);
/// Columns: from, to, distance.
[[nodiscard]] ColumnTable spanning_tree_table(const SpanningTree& tree);

}  // namespace topograph
