#include "reduce/graph_levels.hpp"

#include <numeric>
#include <utility>

#include "reduce/coarsen_graph.hpp"
#include "reduce/renumbered_graph.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

constexpr double least_shrinkage = 0.8;  // stars and the like do not shrink

}  // namespace

Result<GraphLevels> graph_levels(CsrView<float> graph, std::size_t n_coarsest, RunContext& run) {
  GraphLevels found;
  found.levels.emplace_back();
  CsrView<float> finest = graph;
  while (finest.rows() > n_coarsest) {
    TG_TRY(CoarseGraph coarse, coarsen_graph(finest, run));
    if (static_cast<double>(coarse.graph.rows()) >
        least_shrinkage * static_cast<double>(finest.rows())) {
      break;
    }
    found.levels.back().group_of = std::move(coarse.group_of);
    found.levels.push_back({std::move(coarse.graph), {}});
    finest = found.levels.back().graph.view();
  }
  std::vector<std::int32_t> order(finest.rows());
  std::iota(order.begin(), order.end(), 0);
  if (found.levels.size() == 1) {
    found.levels[0].graph = {{graph.offsets.begin(), graph.offsets.end()},
                             {graph.columns.begin(), graph.columns.end()},
                             {graph.values.begin(), graph.values.end()},
                             graph.n_cols};
  }
  for (std::size_t l = found.levels.size() - 1; l-- > 0;) {
    GraphLevel& level = found.levels[l];
    const std::vector<std::int32_t> place = places_in(order);
    const std::vector<std::int32_t> groups = std::move(level.group_of);
    order = order_by_group(groups, order);
    const CsrView<float> edges = l == 0 ? graph : level.graph.view();
    TG_TRY(level.graph, renumbered_graph(edges, order, places_in(order), run));
    level.group_of.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      level.group_of[i] = place[idx(groups[idx(order[i])])];
    }
  }
  found.order = std::move(order);
  return found;
}

}  // namespace topograph::detail
