#include "reduce/edge_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/round_robin.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t most_blocks = 16;
constexpr std::size_t rows_per_block = 256;  // fewer are not worth a thread's start

/// An even number of blocks, or one: a function of n alone.
std::size_t block_number(std::size_t n) {
  const std::size_t wanted = std::min(most_blocks, n / rows_per_block);
  return wanted < 2 ? 1 : wanted / 2 * 2;
}

/// Reorders edges sorted by head: the first of every head, then the second of every head …, so that
/// a processor can work on the next edge before the moves of the last are known.
void spread_heads(std::vector<LayoutEdge>& edges) {
  std::vector<std::size_t> rank(edges.size(), 0);  // of an edge among those of its head
  std::vector<std::size_t> first_of_rank;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    if (e > 0 && edges[e].head == edges[e - 1].head) rank[e] = rank[e - 1] + 1;
    if (rank[e] + 1 >= first_of_rank.size()) first_of_rank.resize(rank[e] + 2, 0);
    ++first_of_rank[rank[e] + 1];
  }
  for (std::size_t r = 1; r < first_of_rank.size(); ++r) first_of_rank[r] += first_of_rank[r - 1];
  std::vector<LayoutEdge> spread(edges.size());
  for (std::size_t e = 0; e < edges.size(); ++e) spread[first_of_rank[rank[e]]++] = edges[e];
  edges = std::move(spread);
}

/// The edges from one block of heads, by the block of their tails, each in order of heads.
using EdgesByTail = std::vector<std::vector<LayoutEdge>>;

EdgesByTail edges_of_heads(const CsrView<float>& edges, const std::vector<std::int32_t>& vertex_at,
                           const std::vector<std::int32_t>& place, double strongest,
                           std::size_t head_block, std::size_t n_blocks) {
  const std::size_t n = edges.rows();
  const auto begin_of = [&](std::size_t block) { return (block * n + n_blocks - 1) / n_blocks; };
  EdgesByTail by_tail(n_blocks);
  for (std::size_t i = begin_of(head_block); i < begin_of(head_block + 1); ++i) {
    const std::size_t vertex = idx(vertex_at[i]);
    for (std::size_t e = edges.begin(vertex); e < edges.end(vertex); ++e) {
      const std::int32_t tail = place[idx(edges.columns[e])];
      const double share = static_cast<double>(edges.values[e]) / strongest;
      by_tail[idx(tail) * n_blocks / n].push_back(
          {narrow<std::int32_t>(i), tail,
           static_cast<std::uint32_t>(std::lround(share * kernels::edge_rate_one))});
    }
  }
  return by_tail;
}

}  // namespace

Result<EdgeSchedule> schedule_edges(const FuzzyGraph& graph, RandomKey key, RunContext& run) {
  const CsrView<float> edges = graph.edges.view();
  const std::size_t n = edges.rows();
  const std::size_t n_blocks = block_number(n);
  EdgeSchedule schedule;
  const std::vector<std::int32_t> vertex_at = random_permutation(key, n);
  schedule.place.resize(n);
  for (std::size_t i = 0; i < n; ++i) schedule.place[idx(vertex_at[i])] = narrow<std::int32_t>(i);
  double strongest = 0;
  for (const float w : edges.values) strongest = std::max(strongest, static_cast<double>(w));
  std::vector<EdgesByTail> by_head(n_blocks);
  TG_TRY(parallel_blocks(run, n_blocks, 1, [&](const Block& block) {
    by_head[block.begin] =
        edges_of_heads(edges, vertex_at, schedule.place, strongest, block.begin, n_blocks);
  }));
  TG_TRY(parallel_blocks(run, n_blocks, 1, [&](const Block& block) {
    const std::size_t low = block.begin;
    for (std::size_t high = low; high < n_blocks; ++high) {
      std::vector<LayoutEdge>& pair = by_head[low][high];
      if (high > low) {
        const std::vector<LayoutEdge> back = std::move(by_head[high][low]);
        pair.insert(pair.end(), back.begin(), back.end());
      }
      spread_heads(pair);
    }
  }));
  schedule.edges.reserve(edges.nnz());
  auto rounds = round_robin(n_blocks);
  rounds.emplace_back();  // the last round plays each block with itself
  for (std::size_t b = 0; b < n_blocks; ++b) rounds.back().emplace_back(b, b);
  for (const auto& round : rounds) {
    schedule.rounds.emplace_back();
    for (const auto& [low, high] : round) {
      if (run.stop_requested()) return cancelled();
      const std::vector<LayoutEdge> pair = std::move(by_head[low][high]);
      const std::size_t begin = schedule.edges.size();
      schedule.edges.insert(schedule.edges.end(), pair.begin(), pair.end());
      schedule.rounds.back().push_back(std::span(schedule.edges).subspan(begin));
    }
  }
  return schedule;
}

}  // namespace topograph::detail
