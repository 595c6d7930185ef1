#include "neighbors/recall.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "neighbors/candidates.hpp"
#include "neighbors/group_rows.hpp"
#include "neighbors/tile_scan.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t finish_grain = 64;
/// Rows are packed in pieces of this many, so that exact search of a sample needs little memory.
constexpr std::size_t piece_rows = 16 * PackedRows::block_rows;

}  // namespace

Result<double> measure_recall(const MetricRows& rows, const EqualRows& groups,
                              const SearchFrame& frame, const KnnGraph& graph,
                              std::size_t n_sampled, RunContext& run) {
  const std::size_t n = groups.size();
  const auto sample = sample_without_replacement(random_key(run.seed(), "neighbors.recall"), n,
                                                 std::min(n, n_sampled));
  std::vector<std::int32_t> ids(sample.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = groups.first[idx(sample[i])];
  // One more than wanted: a row finds itself.
  const std::size_t wanted = graph.k() + 1;
  TG_TRY(const PackedRows queries, PackedRows::make(rows, ids, frame, run));
  CandidateLists lists({&rows, ids, &rows, groups.first, frame.scale}, queries.padded_size(),
                       std::min(n, wanted));
  Stage stage(run, "recall", block_count(n, piece_rows));
  for (std::size_t first = 0; first < n; first += piece_rows) {
    const auto piece = std::span(groups.first).subspan(first, std::min(piece_rows, n - first));
    TG_TRY(const PackedRows references, PackedRows::make(rows, piece, frame, run));
    TG_TRY(parallel_blocks(run, queries.n_blocks(), 1, [&](const Block& block) {
      for (std::size_t b = 0; b < references.n_blocks(); ++b) {
        scan_one_way(queries, block.index, references, b, lists, first);
      }
    }));
    stage.advance();
  }
  std::vector<std::size_t> n_found(block_count(ids.size(), finish_grain), 0);
  TG_TRY(parallel_blocks(run, ids.size(), finish_grain, [&](const Block& block) {
    std::vector<Neighbor> nearest;
    std::vector<Neighbor> members;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      lists.finish(i, nearest);
      expand_groups(groups, nearest, wanted, members);
      std::erase_if(members, [&](const Neighbor& one) { return one.id == ids[i]; });
      const float farthest = members[graph.k() - 1].distance;
      const auto found = graph.distances.row(idx(ids[i]));
      n_found[block.index] += idx(std::count_if(
          found.begin(), found.end(), [&](float distance) { return distance <= farthest; }));
    }
  }));
  const std::size_t all = std::accumulate(n_found.begin(), n_found.end(), std::size_t{0});
  return static_cast<double>(all) / static_cast<double>(ids.size() * graph.k());
}

}  // namespace topograph
