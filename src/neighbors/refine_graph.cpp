#include "neighbors/refine_graph.hpp"

#include <algorithm>
#include <vector>

#include "neighbors/nearest_scores.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t position_grain = 256;
constexpr std::size_t groups_between_looks = 65536;

/// Groups that have a group among their neighbours: the closest ranks first, at most `limit`.
class ReverseNeighbors {
 public:
  static Result<ReverseNeighbors> of_graph(const NearestGroups& graph, std::size_t n,
                                           std::size_t limit, RunContext& run) {
    ReverseNeighbors reverse(n, limit);
    for (std::size_t rank = 0; rank < graph.k; ++rank) {
      for (std::size_t g = 0; g < n; ++g) {
        if (g % groups_between_looks == 0 && run.stop_requested()) return cancelled();
        const std::size_t to = idx(graph.row(g)[rank].id);
        std::uint32_t& count = reverse.counts_[to];
        if (count < limit) reverse.ids_[to, count++] = narrow<std::int32_t>(g);
      }
    }
    return reverse;
  }
  [[nodiscard]] std::span<const std::int32_t> of(std::size_t g) const {
    return ids_.row(g).first(counts_[g]);
  }

 private:
  ReverseNeighbors(std::size_t n, std::size_t limit) : ids_(n, limit), counts_(n, 0) {}

  Matrix<std::int32_t> ids_;
  std::vector<std::uint32_t> counts_;
};

/// Scratch of one worker: which groups the current one has seen.
class Candidates {
 public:
  Candidates(const RowLists& lists, const std::vector<std::int32_t>& position_of, std::size_t keep)
      : lists_(lists),
        position_of_(position_of),
        scorer_(lists.rows),
        seen_(position_of.size(), 0),
        best_(1, keep) {}

  void begin(std::size_t position) {
    scorer_.begin(position);
    best_.reset();
    if (++stamp_ == 0) {
      std::fill(seen_.begin(), seen_.end(), 0U);
      stamp_ = 1;
    }
    seen_[idx(lists_.group_at[position])] = stamp_;
  }
  void add(std::int32_t group) {
    if (seen_[idx(group)] == stamp_) return;
    seen_[idx(group)] = stamp_;
    const std::int32_t other = position_of_[idx(group)];
    const float score = scorer_.score(idx(other));
    if (score <= best_.limit(0)) best_.offer(0, score, other);
  }
  [[nodiscard]] std::span<const ScoredRow> best() { return best_.sorted(0); }

 private:
  const RowLists& lists_;
  const std::vector<std::int32_t>& position_of_;
  RowScorer scorer_;
  std::vector<std::uint32_t> seen_;
  NearestScores best_;
  std::uint32_t stamp_ = 0;
};

std::vector<std::int32_t> positions_of(const RowLists& lists, std::size_t n) {
  std::vector<std::int32_t> position_of(n);
  for (std::size_t p = 0; p < lists.positions(); ++p) {
    if (lists.group_at[p] >= 0) position_of[idx(lists.group_at[p])] = narrow<std::int32_t>(p);
  }
  return position_of;
}

}  // namespace

Result<NearestGroups> refine_graph(const MetricRows& rows, const EqualRows& groups,
                                   const RowLists& lists, const NearestGroups& graph,
                                   std::size_t n_measured, Ranking ranking, Stage& stage,
                                   RunContext& run) {
  const std::size_t n = groups.size();
  const auto position_of = positions_of(lists, n);
  TG_TRY(const auto reverse, ReverseNeighbors::of_graph(graph, n, graph.k, run));
  NearestGroups refined{graph.k, std::vector<Neighbor>(n * graph.k)};
  std::vector<Candidates> workers;
  for (int worker = 0; worker < run.threads(); ++worker) {
    workers.emplace_back(lists, position_of, n_measured);
  }
  TG_TRY(parallel_blocks(run, lists.positions(), position_grain, [&](const Block& block) {
    Candidates& candidates = workers[block.worker];
    GroupRanking measure(rows, groups, lists, ranking);
    std::vector<float> scratch(rows.cols());
    std::vector<Neighbor> nearest;
    for (std::size_t p = block.begin; p < block.end; ++p) {
      if (lists.group_at[p] < 0) continue;
      const std::size_t group = idx(lists.group_at[p]);
      candidates.begin(p);
      const auto look_at = [&](std::int32_t via) {
        candidates.add(via);
        for (const Neighbor& other : graph.row(idx(via))) candidates.add(other.id);
      };
      for (const Neighbor& neighbor : graph.row(group)) look_at(neighbor.id);
      for (const std::int32_t via : reverse.of(group)) look_at(via);
      const std::size_t row = idx(groups.first[group]);
      measure.nearest({rows.row(row, scratch), rows.is_zero(row)}, candidates.best(),
                      lists.group_at[p], -1, graph.k, nearest);
      std::copy(nearest.begin(), nearest.end(),
                refined.neighbors.begin() + narrow<std::ptrdiff_t>(group * graph.k));
    }
    stage.advance(block.end - block.begin);
  }));
  return refined;
}

}  // namespace topograph
