// Stochastic gradient descent on the cross entropy of the fuzzy graph, edge by edge as in McInnes,
// Healy & Melville 2018, section 4.2. Both ends of an edge move at once; tried and dropped: letting
// every vertex gather its own moves, which loses trustworthiness because the pulls no longer
// balance. Threads work on pairs of vertex blocks that have no vertex in common (edge_schedule.hpp)
// and random rows are read from the positions at the start of the epoch, so the result is the same
// for any number of threads.
#include "reduce/layout.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"
#include "reduce/edge_schedule.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {

int default_epochs(std::size_t n_rows) { return n_rows <= 10000 ? 500 : 200; }

FuzzyGraph drop_weak_edges(const FuzzyGraph& graph, int n_epochs) {
  const CsrView<float> edges = graph.edges.view();
  float strongest = 0;
  for (const float w : edges.values) strongest = std::max(strongest, w);
  const int epochs = n_epochs > 10 ? n_epochs : default_epochs(edges.rows());
  const float weakest = strongest / static_cast<float>(epochs);
  FuzzyGraph kept;
  kept.edges.n_cols = edges.n_cols;
  for (std::size_t r = 0; r < edges.rows(); ++r) {
    for (std::size_t e = edges.begin(r); e < edges.end(r); ++e) {
      if (edges.values[e] < weakest) continue;
      kept.edges.columns.push_back(edges.columns[e]);
      kept.edges.values.push_back(edges.values[e]);
    }
    kept.edges.offsets.push_back(narrow<std::int64_t>(kept.edges.columns.size()));
  }
  return kept;
}

Result<void> optimize_layout(const FuzzyGraph& graph, const LayoutForces& forces, int n_epochs,
                             MatrixView<float> coords, RunContext& run) {
  Stage stage(run, "layout", narrow<std::uint64_t>(n_epochs));
  const EdgeSchedule schedule = schedule_edges(graph, random_key(run.seed(), "umap.blocks"));
  const RandomKey key = random_key(run.seed(), "umap.layout");
  const auto move_edges = kernels::active().layout->move_edges;
  Matrix<float> current(coords.rows(), coords.cols());
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    std::ranges::copy(coords.row(r), current.row(idx(schedule.place[r])).begin());
  }
  Matrix<float> epoch_start;
  for (int epoch = 0; epoch < n_epochs; ++epoch) {
    epoch_start = current;
    const double left = 1.0 - static_cast<double>(epoch) / static_cast<double>(n_epochs);
    const kernels::EpochForces now{
        .a = static_cast<float>(forces.curve.a),
        .b = static_cast<float>(forces.curve.b),
        .repulsion = forces.repulsion,
        .alpha = static_cast<float>(left * static_cast<double>(forces.learning_rate)),
        .negatives = forces.negatives,
        .epoch = narrow<std::uint32_t>(epoch) + 1};
    for (const auto& pairs : schedule.rounds) {
      TG_TRY(parallel_blocks(run, pairs.size(), 1, [&](const Block& block) {
        const auto edges = pairs[block.begin];
        const auto first = narrow<std::uint64_t>(edges.data() - schedule.edges.data());
        move_edges({.edges = edges.data(),
                    .n_edges = edges.size(),
                    .heads = current.data(),
                    .others = epoch_start.data(),
                    .n_others = narrow<std::uint32_t>(coords.rows()),
                    .dim = coords.cols(),
                    .key = key.value,
                    .first_item = first},
                   now);
      }));
    }
    stage.advance();
  }
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    std::ranges::copy(current.row(idx(schedule.place[r])), coords.row(r).begin());
  }
  return {};
}

}  // namespace topograph::detail
