#include "cluster/leiden/partition_quality.hpp"

#include <cstddef>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kRowGrain = 4096;

/// Sum over the ends (v, u) for which `counts(v, u)` holds, block by block.
template <class Counts>
Result<double> sum_ends(const WeightedGraph& graph, RunContext& run, Counts&& counts) {
  std::vector<double> partial(block_count(graph.n_vertices(), kRowGrain), 0.0);
  TG_TRY(parallel_blocks(run, graph.n_vertices(), kRowGrain, [&](const Block& block) {
    double sum = 0;
    for (std::size_t v = block.begin; v < block.end; ++v) {
      const auto columns = graph.edges.row_columns(v);
      const auto values = graph.edges.row_values(v);
      for (std::size_t e = 0; e < columns.size(); ++e) {
        if (counts(v, idx(columns[e]))) sum += static_cast<double>(values[e]);
      }
    }
    partial[block.index] = sum;
  }));
  double total = 0;
  for (const double sum : partial) total += sum;
  return total;
}

}  // namespace

Result<double> total_end_weight(const WeightedGraph& graph, RunContext& run) {
  return sum_ends(graph, run, [](std::size_t, std::size_t) { return true; });
}

Result<double> partition_quality(const WeightedGraph& graph, double resolution,
                                 std::span<const std::int32_t> labels, RunContext& run) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  TG_TRY(const double total, total_end_weight(graph, run));
  if (total <= 0) return 0.0;
  TG_TRY(const double inside, sum_ends(graph, run, [&](std::size_t v, std::size_t u) {
           return labels[v] == labels[u];
         }));
  std::vector<double> weight_of(labels.size(), 0.0);
  for (std::size_t v = 0; v < labels.size(); ++v) {
    weight_of[idx(labels[v])] += graph.vertex_weights[v];
  }
  double squares = 0;
  for (const double weight : weight_of) squares += weight * weight;
  return (inside - resolution * squares) / total;
}

}  // namespace topograph::detail
