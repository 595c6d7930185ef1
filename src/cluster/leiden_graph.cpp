#include "cluster/leiden_graph.hpp"

#include <map>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

LeidenGraph leiden_graph(CsrView<float> edges, CommunityObjective objective) {
  const std::size_t n = edges.rows();
  LeidenGraph graph;
  graph.vertex_weights.assign(n, objective == CommunityObjective::cpm ? 1.0 : 0.0);
  graph.ends.reserve(edges.nnz());
  graph.edge_weights.reserve(edges.nnz() / 2);
  for (std::size_t row = 0; row < n; ++row) {
    const auto columns = edges.row_columns(row);
    const auto values = edges.row_values(row);
    double strength = 0;
    for (std::size_t e = 0; e < columns.size(); ++e) {
      const double weight = static_cast<double>(values[e]);
      strength += weight;
      if (idx(columns[e]) > row) graph.add_edge(row, idx(columns[e]), weight);
    }
    if (objective == CommunityObjective::modularity) graph.vertex_weights[row] = strength;
  }
  return graph;
}

LeidenGraph cut_between(const LeidenGraph& graph, std::span<const std::int32_t> labels) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  LeidenGraph cut;
  cut.vertex_weights = graph.vertex_weights;
  for (std::size_t e = 0; e < graph.n_edges(); ++e) {
    if (labels[graph.from(e)] != labels[graph.to(e)]) continue;
    cut.add_edge(graph.from(e), graph.to(e), graph.edge_weights[e]);
  }
  return cut;
}

LeidenGraph aggregate(const LeidenGraph& graph, std::span<const std::int32_t> labels,
                      std::int32_t n_communities) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  LeidenGraph whole;
  whole.vertex_weights.assign(idx(n_communities), 0.0);
  for (std::size_t v = 0; v < labels.size(); ++v) {
    whole.vertex_weights[idx(labels[v])] += graph.vertex_weights[v];
  }
  std::map<std::pair<std::int32_t, std::int32_t>, double> links;
  for (std::size_t e = 0; e < graph.n_edges(); ++e) {
    const std::int32_t a = labels[graph.from(e)];
    const std::int32_t b = labels[graph.to(e)];
    if (a != b) links[std::minmax(a, b)] += graph.edge_weights[e];
  }
  for (const auto& [ends, weight] : links) {
    whole.add_edge(idx(ends.first), idx(ends.second), weight);
  }
  return whole;
}

double total_edge_weight(const LeidenGraph& graph) {
  double sum = 0;
  for (const double weight : graph.edge_weights) sum += weight;
  return sum;
}

double partition_quality(const LeidenGraph& graph, std::span<const std::int32_t> labels,
                         double resolution) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  const double total = total_edge_weight(graph);
  if (total <= 0) return 0;
  double inside = 0;
  for (std::size_t e = 0; e < graph.n_edges(); ++e) {
    if (labels[graph.from(e)] == labels[graph.to(e)]) inside += graph.edge_weights[e];
  }
  std::vector<double> weight_of(graph.n_vertices(), 0.0);
  for (std::size_t v = 0; v < labels.size(); ++v)
    weight_of[idx(labels[v])] += graph.vertex_weights[v];
  double squares = 0;
  for (const double weight : weight_of) squares += weight * weight;
  return (2 * inside - resolution * squares) / (2 * total);
}

}  // namespace topograph::detail
