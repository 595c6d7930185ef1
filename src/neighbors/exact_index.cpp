#include "neighbors/exact_index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "neighbors/candidates.hpp"
#include "neighbors/group_rows.hpp"
#include "neighbors/search_checks.hpp"
#include "neighbors/tile_scan.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/round_robin.hpp"

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

Result<void> scan_all_pairs(const PackedRows& packed, CandidateLists& lists, Stage& stage,
                            RunContext& run) {
  TG_TRY(parallel_blocks(run, packed.n_blocks(), 1, [&](const Block& block) {
    scan_both_ways(packed, block.index, block.index, lists);
    stage.advance();
  }));
  for (const auto& round : round_robin(packed.n_blocks())) {
    TG_TRY(parallel_blocks(run, round.size(), 1, [&](const Block& block) {
      const auto [a, b] = round[block.index];
      scan_both_ways(packed, a, b, lists);
      stage.advance();
    }));
  }
  return {};
}

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

/// A frame made for the rows serves queries up to this many times as long; longer ones get a frame
/// of their own, so that float32 does not overflow.
constexpr double frame_slack = 1024;

}  // namespace

ExactIndex::ExactIndex(MetricRows rows, EqualRows groups, SearchFrame frame, PackedRows packed)
    : rows_(std::move(rows)),
      groups_(std::move(groups)),
      frame_(std::move(frame)),
      packed_(std::move(packed)) {}

Result<ExactIndex> ExactIndex::build(const RowsView& x, Metric metric, const char* name,
                                     RunContext& run) {
  TG_TRY(check_memory(metric_rows_bytes(x, metric) + EqualRows::bytes(x.rows()) +
                          PackedRows::bytes(x.rows(), x.cols()),
                      x.rows(), "exact", run));
  TG_TRY(MetricRows rows, MetricRows::make(x, metric, name, run));
  TG_TRY(EqualRows groups, group_equal_rows(rows, run));
  TG_TRY(SearchFrame frame, SearchFrame::around(rows, groups.first, run));
  TG_TRY(PackedRows packed, PackedRows::make(rows, groups.first, frame, run));
  return ExactIndex(std::move(rows), std::move(groups), std::move(frame), std::move(packed));
}

std::size_t ExactIndex::bytes() const {
  const std::size_t row = rows_.metric() == Metric::euclidean ? 0 : sizeof(double);
  const std::size_t kept = rows_.keeps_rows() ? rows_.cols() * sizeof(float) : 0;
  return rows_.size() * (row + kept) + EqualRows::bytes(rows_.size()) +
         PackedRows::bytes(packed_.size(), packed_.depth());
}

Result<KnnGraph> ExactIndex::graph(std::size_t k, RunContext& run) const {
  const std::size_t n = groups_.size();
  TG_TRY(check_memory(CandidateLists::bytes(n, k) + 2 * rows_.size() * k * sizeof(Neighbor),
                      rows_.size(), "exact", run));
  Stage stage(run, "neighbors");
  NearestGroups nearest;
  if (n > 1) {
    const std::size_t n_blocks = packed_.n_blocks();
    stage.set_total(n_blocks * (n_blocks + 1) / 2);
    const std::size_t k_groups = std::min(k, n - 1);
    CandidateLists lists({&rows_, groups_.first, &rows_, groups_.first, frame_.scale},
                         packed_.padded_size(), k_groups);
    TG_TRY(scan_all_pairs(packed_, lists, stage, run));
    TG_TRY(nearest, collect(lists, n, k_groups, run));
  }
  return rows_of_groups(rows_, groups_, nearest, k, run);
}

Result<KnnGraph> ExactIndex::query(MatrixView<const float> queries, std::size_t k,
                                   RunContext& run) const {
  const std::size_t m = queries.rows();
  TG_TRY(check_memory(metric_rows_bytes(queries, rows_.metric()) +
                          PackedRows::bytes(m, queries.cols()) + CandidateLists::bytes(m, k) +
                          m * k * sizeof(Neighbor),
                      m, "exact", run));
  if (m == 0) return empty_graph(0, k);
  TG_TRY(const MetricRows query_rows, MetricRows::make(queries, rows_.metric(), "queries", run,
                                                       MetricRows::Made::once, rows_.scale()));
  std::vector<std::int32_t> query_ids(m);
  std::iota(query_ids.begin(), query_ids.end(), 0);
  SearchFrame frame = frame_;
  TG_TRY(frame.cover(query_rows, query_ids, run));
  const bool is_far = frame.largest > frame_slack * frame_.largest;
  if (!is_far) frame = frame_;
  TG_TRY(const PackedRows packed_queries, PackedRows::make(query_rows, query_ids, frame, run));
  if (!is_far) return query_packed(packed_, packed_queries, query_rows, frame, k, run);
  TG_TRY(const PackedRows moved, PackedRows::make(rows_, groups_.first, frame, run));
  return query_packed(moved, packed_queries, query_rows, frame, k, run);
}

Result<KnnGraph> ExactIndex::query_packed(const PackedRows& references,
                                          const PackedRows& packed_queries,
                                          const MetricRows& query_rows, const SearchFrame& frame,
                                          std::size_t k, RunContext& run) const {
  const std::size_t m = query_rows.size();
  std::vector<std::int32_t> query_ids(m);
  std::iota(query_ids.begin(), query_ids.end(), 0);
  CandidateLists lists({&query_rows, query_ids, &rows_, groups_.first, frame.scale},
                       packed_queries.padded_size(), std::min(k, groups_.size()));
  KnnGraph graph = empty_graph(m, k);
  Stage stage(run, "neighbors", packed_queries.n_blocks());
  TG_TRY(
      parallel_blocks(run, packed_queries.n_blocks(), 1, [&](const Block& block) -> Result<void> {
        for (std::size_t b = 0; b < references.n_blocks(); ++b) {
          if (run.stop_requested()) return cancelled();
          scan_one_way(packed_queries, block.index, references, b, lists);
        }
        std::vector<Neighbor> nearest;
        std::vector<Neighbor> members;
        const std::size_t first = block.index * PackedRows::block_rows;
        for (std::size_t i = first; i < std::min(first + PackedRows::block_rows, m); ++i) {
          lists.finish(i, nearest);
          expand_groups(groups_, nearest, k, members);
          write_row(graph, i, members, -1);
        }
        stage.advance();
        return {};
      }));
  return graph;
}

}  // namespace topograph
