#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"

namespace topograph::detail {

/// An undirected graph to be partitioned: both directions of every edge are stored, no self loops.
///
/// A partition into communities c is scored by
///   (2 * inside - resolution * sum_c W_c^2) / (2 m)
/// with `inside` the edge weight inside communities, W_c the sum of vertex weights and m the total
/// edge weight. Vertex weights = strengths and resolution / 2m make it modularity; vertex weights
/// = counts make it the constant Potts model.
struct WeightedGraph {
  CsrView<float> edges = {};  ///< Columns in any order, each at most once a row.
  std::span<const double> vertex_weights = {};

  [[nodiscard]] std::size_t n_vertices() const { return vertex_weights.size(); }
};

/// A graph that owns what it is made of.
struct OwnGraph {
  Csr<float> edges = {};
  std::vector<double> vertex_weights = {};

  [[nodiscard]] WeightedGraph view() const { return {edges.view(), vertex_weights}; }
};

}  // namespace topograph::detail
