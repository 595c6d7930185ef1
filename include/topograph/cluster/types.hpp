#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace topograph {

inline constexpr std::int32_t kNoise = -1;

/// A label for every point: -1 is noise; others are dense 0..n_clusters-1, ordered by size (weight)
/// descending, ties by the smallest member.
struct Clustering {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};      ///< Membership in [0, 1]; 0 for noise.
  std::vector<double> persistence = {};  ///< Per cluster; empty when the method has none.
  std::int32_t n_clusters = 0;
};

/// Merge order of n points: n - 1 rows, heights non-decreasing. Ids below n are points, n + i is
/// the result of merge i.
struct Linkage {
  std::vector<std::int32_t> left = {};
  std::vector<std::int32_t> right = {};
  std::vector<double> height = {};
  std::vector<std::int64_t> size = {};  ///< Weight under the merge.
};

/// Edges of a spanning tree, ascending by (distance, from, to).
struct SpanningTree {
  std::vector<std::int32_t> from = {};
  std::vector<std::int32_t> to = {};
  std::vector<double> distance = {};
};

/// HDBSCAN's condensed tree. Clusters are numbered from n (the root); ids below n are points.
struct CondensedTree {
  std::vector<std::int32_t> parent = {};
  std::vector<std::int32_t> child = {};
  std::vector<double> lambda = {};  ///< 1 / distance at which the child leaves its parent.
  std::vector<std::int64_t> child_size = {};
  std::int32_t n_points = 0;
};

}  // namespace topograph
