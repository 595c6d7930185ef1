#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/communities.hpp"
#include "topograph/core/csr.hpp"

namespace topograph::detail {

/// Undirected weighted graph in the shape igraph reads: every edge once, its two ends in a row.
///
/// A partition into communities c is scored by
///   (2 * inside - resolution * sum_c W_c^2) / (2 m)
/// with `inside` the edge weight inside communities, W_c the sum of vertex weights and m the total
/// edge weight. Vertex weights = strengths and resolution / 2m make it modularity; vertex weights 1
/// make it the constant Potts model.
struct LeidenGraph {
  std::vector<std::int64_t> ends = {};  ///< from 0, to 0, from 1, to 1 …
  std::vector<double> edge_weights = {};
  std::vector<double> vertex_weights = {};

  [[nodiscard]] std::size_t n_vertices() const { return vertex_weights.size(); }
  [[nodiscard]] std::size_t n_edges() const { return edge_weights.size(); }
  [[nodiscard]] std::size_t from(std::size_t edge) const {
    return static_cast<std::size_t>(ends[2 * edge]);
  }
  [[nodiscard]] std::size_t to(std::size_t edge) const {
    return static_cast<std::size_t>(ends[2 * edge + 1]);
  }
  void add_edge(std::size_t from, std::size_t to, double weight) {
    ends.push_back(static_cast<std::int64_t>(from));
    ends.push_back(static_cast<std::int64_t>(to));
    edge_weights.push_back(weight);
  }
};

/// The upper triangle of a symmetric graph, edges in row order.
[[nodiscard]] LeidenGraph leiden_graph(CsrView<float> edges, CommunityObjective objective);

/// The same vertices with only the edges inside a community.
[[nodiscard]] LeidenGraph cut_between(const LeidenGraph& graph,
                                      std::span<const std::int32_t> labels);

/// One vertex a community, weights added up; edges inside a community are left out.
[[nodiscard]] LeidenGraph aggregate(const LeidenGraph& graph, std::span<const std::int32_t> labels,
                                    std::int32_t n_communities);

[[nodiscard]] double total_edge_weight(const LeidenGraph& graph);

/// Score of a partition (see LeidenGraph); 0 for a graph without edges.
[[nodiscard]] double partition_quality(const LeidenGraph& graph,
                                       std::span<const std::int32_t> labels, double resolution);

}  // namespace topograph::detail
