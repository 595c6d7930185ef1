#include "cluster/community_graph.hpp"

#include <algorithm>
#include <cstddef>

#include "cluster/leiden/partition_quality.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kRowGrain = 4096;

Result<void> weigh_edges(CommunityGraph& graph, std::span<const std::int32_t> documents,
                         RunContext& run) {
  graph.values.resize(graph.edges.nnz());
  return parallel_blocks(run, graph.edges.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      for (std::size_t e = graph.edges.begin(row); e < graph.edges.end(row); ++e) {
        const double copies = static_cast<double>(documents[row]) +
                              static_cast<double>(documents[idx(graph.edges.columns[e])]);
        graph.values[e] =
            static_cast<float>(static_cast<double>(graph.edges.values[e]) * copies / 2);
      }
    }
  });
}

}  // namespace

Result<CommunityGraph> community_graph(CsrView<float> edges,
                                       std::span<const std::int32_t> documents,
                                       CommunityObjective objective, RunContext& run) {
  CommunityGraph graph{.edges = edges};
  if (std::ranges::any_of(documents, [](std::int32_t count) { return count != 1; })) {
    TG_TRY(weigh_edges(graph, documents, run));
  }
  graph.vertex_weights.assign(edges.rows(), 1.0);
  if (objective == CommunityObjective::cpm) {
    if (!documents.empty()) std::ranges::copy(documents, graph.vertex_weights.begin());
    return graph;
  }
  const WeightedGraph view = graph.view();
  TG_TRY(parallel_blocks(run, edges.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      double strength = 0;
      for (const float weight : view.edges.row_values(row)) strength += static_cast<double>(weight);
      graph.vertex_weights[row] = strength;
    }
  }));
  TG_TRY(const double total, total_end_weight(view, run));
  if (total > 0) graph.scale = 1 / total;
  return graph;
}

}  // namespace topograph::detail
