// Stochastic gradient descent on the cross entropy of the fuzzy graph, edge by edge as in McInnes,
// Healy & Melville 2018, section 4.2. Both ends of an edge move at once; tried and dropped: letting
// every vertex gather its own moves, which loses trustworthiness because the pulls no longer
// balance. Threads work on pairs of vertex blocks that have no vertex in common (edge_schedule.hpp)
// and random rows are read from a pool of the positions of some rounds before (row_pool.hpp),
// so the result is the same for any number of threads.
#include "reduce/layout.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"
#include "reduce/edge_schedule.hpp"
#include "reduce/row_pool.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {

int default_epochs(std::size_t n_rows, bool is_densmap) {
  return (n_rows <= 10000 ? 500 : 200) + (is_densmap ? 200 : 0);
}

Result<FuzzyGraph> drop_weak_edges(const FuzzyGraph& graph, int n_epochs, RunContext& run) {
  const CsrView<float> edges = graph.edges.view();
  float strongest = 0;
  for (const float w : edges.values) strongest = std::max(strongest, w);
  const int epochs = n_epochs > 10 ? n_epochs : default_epochs(edges.rows());
  const float weakest = strongest / static_cast<float>(epochs);
  constexpr std::size_t grain = 4096;
  FuzzyGraph kept;
  kept.edges.n_cols = edges.n_cols;
  kept.edges.offsets.assign(edges.rows() + 1, 0);
  TG_TRY(parallel_blocks(run, edges.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      kept.edges.offsets[r + 1] =
          std::ranges::count_if(edges.row_values(r), [&](float w) { return !(w < weakest); });
    }
  }));
  for (std::size_t r = 0; r < edges.rows(); ++r) {
    kept.edges.offsets[r + 1] += kept.edges.offsets[r];
  }
  kept.edges.columns.resize(idx(kept.edges.offsets.back()));
  kept.edges.values.resize(kept.edges.columns.size());
  TG_TRY(parallel_blocks(run, edges.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::size_t next = idx(kept.edges.offsets[r]);
      for (std::size_t e = edges.begin(r); e < edges.end(r); ++e) {
        if (edges.values[e] < weakest) continue;
        kept.edges.columns[next] = edges.columns[e];
        kept.edges.values[next++] = edges.values[e];
      }
    }
  }));
  return kept;
}

namespace {

// All rows move in every round: against places that are older than a few rounds the pushes lag
// behind, and 100 000 rows lose .009 of their trustworthiness where they are as old as the epoch.
constexpr std::size_t fills_an_epoch = 4;

/// Positions, samples and densities in the working order of the schedule.
class Optimizer {
 public:
  Optimizer(const FuzzyGraph& graph, EdgeSchedule schedule, const LayoutPoints& points,
            const LayoutForces& forces, std::size_t dim, RunContext& run)
      : schedule_(std::move(schedule)),
        forces_(forces),
        key_(random_key(run.seed(), "umap.layout")),
        rows_(graph.rows(), dim),
        pool_(graph.rows(), dim, in_working_order(points.copies),
              random_key(run.seed(), "umap.pool")) {
    if (points.density != nullptr) density_.emplace(graph, schedule_, *points.density);
  }

  void load(MatrixView<const float> coords) {
    for (std::size_t r = 0; r < coords.rows(); ++r) {
      std::ranges::copy(coords.row(r), rows_.row(idx(schedule_.place[r])).begin());
    }
  }
  void store(MatrixView<float> coords) const {
    for (std::size_t r = 0; r < coords.rows(); ++r) {
      std::ranges::copy(rows_.row(idx(schedule_.place[r])), coords.row(r).begin());
    }
  }

  Result<void> run_epoch(int epoch, int n_epochs, RunContext& run) {
    const double left = 1.0 - static_cast<double>(epoch) / static_cast<double>(n_epochs);
    kernels::EpochForces now{
        .a = static_cast<float>(forces_.curve.a),
        .b = static_cast<float>(forces_.curve.b),
        .repulsion = forces_.repulsion,
        .alpha = static_cast<float>(left * static_cast<double>(forces_.learning_rate)),
        .negatives = forces_.negatives,
        .epoch = narrow<std::uint32_t>(epoch) + 1};
    const bool is_dense = density_ && density_->counts_in(epoch, n_epochs);
    if (is_dense) {
      TG_TRY(density_->measure(rows_.view(), forces_.curve, run));
      now.density = density_->scale();
    }
    const auto move_edges = kernels::active().layout->move_edges;
    const std::size_t n_rounds = schedule_.rounds.size();
    const std::size_t rounds_a_fill = std::max<std::size_t>(1, n_rounds / fills_an_epoch);
    for (std::size_t round = 0; round < n_rounds; ++round) {
      if (round % rounds_a_fill == 0) {
        TG_TRY(pool_.fill(rows_.view(), idx(epoch) * n_rounds + round, run));
      }
      const auto& pairs = schedule_.rounds[round];
      TG_TRY(parallel_blocks(run, pairs.size(), 1, [&](const Block& block) {
        const auto edges = pairs[block.begin];
        move_edges({.edges = edges.data(),
                    .n_edges = edges.size(),
                    .heads = rows_.data(),
                    .pool = pool_.data(),
                    .n_pool_blocks = narrow<std::uint32_t>(pool_.n_blocks()),
                    .density = is_dense ? density_->per_row() : nullptr,
                    .dim = rows_.cols(),
                    .key = key_.value,
                    .first_item = narrow<std::uint64_t>(edges.data() - schedule_.edges.data())},
                   now);
      }));
    }
    return {};
  }

 private:
  [[nodiscard]] std::vector<std::int32_t> in_working_order(
      std::span<const std::int32_t> copies) const {
    std::vector<std::int32_t> ordered(copies.size());
    for (std::size_t r = 0; r < copies.size(); ++r) ordered[idx(schedule_.place[r])] = copies[r];
    return ordered;
  }

  EdgeSchedule schedule_;
  LayoutForces forces_;
  RandomKey key_;
  Matrix<float> rows_;
  RowPool pool_;
  std::optional<DensityTerm> density_ = {};
};

}  // namespace

Result<void> optimize_layout(const FuzzyGraph& graph, const LayoutPoints& points,
                             const LayoutForces& forces, int n_epochs, MatrixView<float> coords,
                             RunContext& run) {
  Stage stage(run, "layout", narrow<std::uint64_t>(n_epochs));
  TG_TRY(auto schedule, schedule_edges(graph, random_key(run.seed(), "umap.blocks"), run));
  Optimizer optimizer(graph, std::move(schedule), points, forces, coords.cols(), run);
  optimizer.load(coords);
  for (int epoch = 0; epoch < n_epochs; ++epoch) {
    TG_TRY(optimizer.run_epoch(epoch, n_epochs, run));
    stage.advance();
  }
  optimizer.store(coords);
  return {};
}

}  // namespace topograph::detail
