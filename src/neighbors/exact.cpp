#include "topograph/neighbors/exact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "neighbors/candidates.hpp"
#include "neighbors/equal_rows.hpp"
#include "neighbors/metric_rows.hpp"
#include "neighbors/packed_rows.hpp"
#include "neighbors/tile_scan.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

// How the search works. Distinct rows are packed for the kernel, which computes half squared
// distances |a|^2/2 + |b|^2/2 - a.b tile by tile in float32 and reports only the pairs that could
// be among the k nearest of one of the two, given the error bound of the product. Those candidates
// are measured exactly in the end. As nothing that could be an answer is dropped, the answer is the
// one of brute force in float64: it depends neither on the order of the tiles, nor on the threads,
// nor on the instruction set. (A general matrix product would have to write all scores out and read
// them back; OpenBLAS 0.3.21's sgemm alone reaches 110 GFLOP/s on a Zen 5 core, for which it picks
// its AVX2 code, and the whole search here 150.)

namespace topograph {
namespace {

constexpr std::size_t finish_grain = 256;

using BlockPair = std::pair<std::size_t, std::size_t>;

/// Pairs of different blocks in rounds in which no block appears twice (the circle method of
/// round-robin tournaments), so that the pairs of a round can run at once without locks.
std::vector<std::vector<BlockPair>> tournament(std::size_t n_blocks) {
  std::vector<std::vector<BlockPair>> rounds;
  if (n_blocks < 2) return rounds;
  const std::size_t n = n_blocks + n_blocks % 2;
  for (std::size_t round = 0; round + 1 < n; ++round) {
    std::vector<BlockPair> pairs;
    const auto add = [&](std::size_t a, std::size_t b) {
      if (std::max(a, b) < n_blocks) pairs.emplace_back(std::min(a, b), std::max(a, b));
    };
    add(n - 1, round);
    for (std::size_t i = 1; i < n / 2; ++i) {
      add((round + i) % (n - 1), (round + n - 1 - i) % (n - 1));
    }
    rounds.push_back(std::move(pairs));
  }
  return rounds;
}

Result<void> check_memory(std::size_t needed, std::size_t rows, RunContext& run) {
  if (needed <= run.memory_bytes()) return {};
  constexpr std::size_t mib = std::size_t{1} << 20U;
  return option_error("memory",
                      fmt::format("exact neighbors of {} rows need {} MiB, the budget is {} MiB",
                                  rows, needed / mib + 1, run.memory_bytes() / mib),
                      "raise the budget, or use fewer rows or dimensions");
}

Result<void> check_id_range(std::size_t rows) {
  if (std::in_range<std::int32_t>(rows)) return {};
  return input_error(ErrorCode::unsupported, "x",
                     fmt::format("expected fewer than 2^31 rows, found {}", rows));
}

Result<void> scan_all_pairs(const PackedRows& packed, CandidateLists& lists, Stage& stage,
                            RunContext& run) {
  TG_TRY(parallel_blocks(run, packed.n_blocks(), 1, [&](const Block& block) {
    scan_both_ways(packed, block.index, block.index, lists);
    stage.advance();
  }));
  for (const auto& round : tournament(packed.n_blocks())) {
    TG_TRY(parallel_blocks(run, round.size(), 1, [&](const Block& block) {
      const auto [a, b] = round[block.index];
      scan_both_ways(packed, a, b, lists);
      stage.advance();
    }));
  }
  return {};
}

/// The k nearest groups of every group, itself left out, as (groups, k).
struct NearestGroups {
  std::size_t k = 0;
  std::vector<Neighbor> neighbors = {};

  [[nodiscard]] std::span<const Neighbor> row(std::size_t i) const {
    return std::span(neighbors).subspan(i * k, k);
  }
};

Result<NearestGroups> collect(CandidateLists& lists, std::size_t rows, std::size_t k,
                              RunContext& run) {
  NearestGroups found{k, std::vector<Neighbor>(rows * k)};
  TG_TRY(parallel_blocks(run, rows, finish_grain, [&](const Block& block) {
    std::vector<Neighbor> nearest;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      lists.finish(i, nearest);
      TG_EXPECTS(nearest.size() == k);
      std::copy(nearest.begin(), nearest.end(),
                found.neighbors.begin() + narrow<std::ptrdiff_t>(i * k));
    }
  }));
  return found;
}

Result<NearestGroups> nearest_groups(const MetricRows& rows, const EqualRows& groups, std::size_t k,
                                     Stage& stage, RunContext& run) {
  const std::size_t n = groups.size();
  if (n < 2) return NearestGroups{};
  TG_TRY(const SearchFrame frame, SearchFrame::around(rows, groups.first, run));
  TG_TRY(const PackedRows packed, PackedRows::make(rows, groups.first, frame, run));
  const std::size_t n_blocks = packed.n_blocks();
  stage.set_total(n_blocks * (n_blocks + 1) / 2);
  const std::size_t k_groups = std::min(k, n - 1);
  CandidateLists lists({&rows, groups.first, &rows, groups.first, frame.scale},
                       packed.padded_size(), k_groups);
  TG_TRY(scan_all_pairs(packed, lists, stage, run));
  return collect(lists, n, k_groups, run);
}

/// The first `limit` rows among the members of the given groups, by (distance, id).
void expand_groups(const EqualRows& groups, std::span<const Neighbor> nearest, std::size_t limit,
                   std::vector<Neighbor>& out) {
  out.clear();
  for (const Neighbor& group : nearest) {
    const auto members = groups.group(idx(group.id));
    for (const std::int32_t id : members.first(std::min(limit, members.size()))) {
      out.push_back({group.distance, id});
    }
  }
  std::sort(out.begin(), out.end());
  if (out.size() > limit) out.resize(limit);
}

void write_row(KnnGraph& graph, std::size_t row, std::span<const Neighbor> nearest,
               std::int32_t self) {
  std::size_t column = 0;
  for (std::size_t i = 0; column < graph.k(); ++i) {
    if (nearest[i].id == self) continue;
    graph.ids[row, column] = nearest[i].id;
    graph.distances[row, column] = nearest[i].distance;
    ++column;
  }
}

KnnGraph empty_graph(std::size_t rows, std::size_t k) {
  return {Matrix<std::int32_t>(rows, k), Matrix<float>(rows, k)};
}

Result<void> check_shape(std::size_t n, std::size_t k, std::size_t largest_k) {
  TG_TRY(check_id_range(n));
  if (k < 1 || k > largest_k) {
    return option_error(
        "k", fmt::format("expected 1 to {} neighbors for {} rows, found {}", largest_k, n, k));
  }
  return {};
}

}  // namespace

Result<KnnGraph> exact_knn(MatrixView<const float> x, std::size_t k, Metric metric,
                           RunContext& run) {
  const std::size_t n = x.rows();
  if (n < 2) {
    return input_error(ErrorCode::invalid_argument, "x",
                       fmt::format("expected at least 2 rows, found {}", n));
  }
  TG_TRY(check_shape(n, k, n - 1));
  TG_TRY(check_memory(metric_rows_bytes(n, x.cols(), metric) + PackedRows::bytes(n, x.cols()) +
                          CandidateLists::bytes(n, k) + 2 * n * k * sizeof(Neighbor),
                      n, run));
  Stage stage(run, "neighbors");
  TG_TRY(const MetricRows rows, MetricRows::make(x, metric, "x", run));
  TG_TRY(const EqualRows groups, group_equal_rows(rows, run));
  TG_TRY(const NearestGroups nearest, nearest_groups(rows, groups, k, stage, run));

  KnnGraph graph = empty_graph(n, k);
  TG_TRY(parallel_blocks(run, groups.size(), finish_grain, [&](const Block& block) {
    std::vector<Neighbor> with_self;
    std::vector<Neighbor> members;
    for (std::size_t g = block.begin; g < block.end; ++g) {
      const auto others = nearest.row(g);
      with_self.assign(others.begin(), others.end());
      with_self.push_back({0.0F, narrow<std::int32_t>(g)});
      expand_groups(groups, with_self, k + 1, members);
      for (const std::int32_t row : groups.group(g)) write_row(graph, idx(row), members, row);
    }
  }));
  return graph;
}

Result<KnnGraph> exact_knn_query(MatrixView<const float> reference, MatrixView<const float> queries,
                                 std::size_t k, Metric metric, RunContext& run) {
  const std::size_t n = reference.rows();
  const std::size_t m = queries.rows();
  if (n < 1) {
    return input_error(ErrorCode::invalid_argument, "reference",
                       "expected at least 1 row, found 0");
  }
  if (reference.cols() != queries.cols()) {
    return input_error(ErrorCode::invalid_argument, "queries",
                       fmt::format("expected {} columns as in the reference, found {}",
                                   reference.cols(), queries.cols()));
  }
  TG_TRY(check_shape(n, k, n));
  TG_TRY(check_id_range(m));
  TG_TRY(check_memory(metric_rows_bytes(n + m, reference.cols(), metric) +
                          PackedRows::bytes(n, reference.cols()) +
                          PackedRows::bytes(m, reference.cols()) + CandidateLists::bytes(m, k) +
                          m * k * sizeof(Neighbor),
                      n, run));
  Stage stage(run, "neighbors");
  TG_TRY(const MetricRows reference_rows, MetricRows::make(reference, metric, "reference", run));
  TG_TRY(const MetricRows query_rows, MetricRows::make(queries, metric, "queries", run));
  TG_TRY(const EqualRows groups, group_equal_rows(reference_rows, run));
  std::vector<std::int32_t> query_ids(m);
  std::iota(query_ids.begin(), query_ids.end(), 0);

  TG_TRY(SearchFrame frame, SearchFrame::around(reference_rows, groups.first, run));
  TG_TRY(frame.cover(query_rows, query_ids, run));
  TG_TRY(const PackedRows packed, PackedRows::make(reference_rows, groups.first, frame, run));
  TG_TRY(const PackedRows packed_queries, PackedRows::make(query_rows, query_ids, frame, run));
  stage.set_total(packed_queries.n_blocks());
  const std::size_t k_groups = std::min(k, groups.size());
  CandidateLists lists({&query_rows, query_ids, &reference_rows, groups.first, frame.scale},
                       packed_queries.padded_size(), k_groups);
  KnnGraph graph = empty_graph(m, k);
  TG_TRY(
      parallel_blocks(run, packed_queries.n_blocks(), 1, [&](const Block& block) -> Result<void> {
        for (std::size_t b = 0; b < packed.n_blocks(); ++b) {
          if (run.stop_requested()) return cancelled();
          scan_one_way(packed_queries, block.index, packed, b, lists);
        }
        std::vector<Neighbor> nearest;
        std::vector<Neighbor> members;
        const std::size_t first = block.index * PackedRows::block_rows;
        for (std::size_t i = first; i < std::min(first + PackedRows::block_rows, m); ++i) {
          lists.finish(i, nearest);
          expand_groups(groups, nearest, k, members);
          write_row(graph, i, members, -1);
        }
        stage.advance();
        return {};
      }));
  return graph;
}

}  // namespace topograph
