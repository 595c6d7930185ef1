#include "neighbors/list_index.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "neighbors/list_search.hpp"
#include "neighbors/refine_graph.hpp"
#include "neighbors/search_checks.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

/// Rows searched together: enough for a list's panels to be read from memory once for many rows;
/// fewer where many lists are planned for each.
std::size_t rows_together(std::size_t n_probe) {
  return std::clamp<std::size_t>(65536 / n_probe, 16, 256);
}
/// Queries have no round among neighbours to make up for lists not searched.
constexpr std::size_t query_probe_factor = 4;
constexpr std::size_t query_grain = 64;

/// Keeping the scaled rows saves making them for each exact distance.
MetricRows::Made when_made(const RowsView& x, std::size_t needed, Metric metric,
                           const RunContext& run) {
  const std::size_t kept = metric_rows_bytes(x, metric);
  const bool fits = kept <= run.memory_bytes() / 4 && needed + kept <= run.memory_bytes();
  return fits ? MetricRows::Made::once : MetricRows::Made::on_demand;
}

/// A query may lie far outside of what float16 can tell.
NeighborStorage asked_as(NeighborStorage storage) {
  return storage == NeighborStorage::float16 ? NeighborStorage::float32 : storage;
}

}  // namespace

ListIndex::ListIndex(MetricRows rows, EqualRows groups, SearchFrame frame, RowLists lists,
                     const ListSearchSettings& settings)
    : rows_(std::move(rows)),
      groups_(std::move(groups)),
      frame_(std::move(frame)),
      lists_(std::move(lists)),
      settings_(settings) {}

std::size_t ListIndex::bytes(const RowsView& x, std::size_t k, Metric metric,
                             const ListSearchSettings& settings) {
  const std::size_t n = x.rows();
  return metric_rows_bytes(x, metric, MetricRows::Made::on_demand) + EqualRows::bytes(n) +
         RowLists::bytes(n, x.cols(), settings.storage, settings.n_lists) +
         3 * n * k * sizeof(Neighbor) + n * (k + 4) * sizeof(std::int32_t);
}

Result<ListIndex> ListIndex::build(const RowsView& x, std::size_t needed, Metric metric,
                                   const ListSearchSettings& settings, RunContext& run) {
  TG_TRY(MetricRows rows, MetricRows::make(x, metric, "x", run, when_made(x, needed, metric, run)));
  TG_TRY(EqualRows groups, group_equal_rows(rows, run));
  TG_TRY(SearchFrame frame, SearchFrame::around(rows, groups.first, run));
  TG_TRY(RowLists lists,
         RowLists::make(rows, groups, frame, settings.storage, settings.n_lists, run));
  return ListIndex(std::move(rows), std::move(groups), std::move(frame), std::move(lists),
                   settings);
}

std::size_t ListIndex::bytes() const {
  const std::size_t n = rows_.size();
  const std::size_t row = rows_.metric() == Metric::euclidean ? 0 : sizeof(double);
  const std::size_t kept = rows_.keeps_rows() ? rows_.cols() * sizeof(float) : 0;
  return n * (row + kept) + EqualRows::bytes(n) + lists_.bytes();
}

Result<KnnGraph> ListIndex::graph(std::size_t k, RunContext& run) const {
  const std::size_t n = groups_.size();
  NearestGroups nearest;
  if (n > 1) {
    const std::size_t k_groups = std::min(k, n - 1);
    Stage stage(run, "neighbors", lists_.positions() * (1 + settings_.n_refine));
    TG_TRY(nearest, scan_own(k_groups, settings_.n_measured + k_groups, stage, run));
    for (std::size_t round = 0; round < settings_.n_refine; ++round) {
      const bool is_last = round + 1 == settings_.n_refine;
      TG_TRY(nearest, refine_graph(rows_, groups_, lists_, nearest, settings_.n_measured + k_groups,
                                   is_last ? Ranking::measured : Ranking::as_stored, stage, run));
    }
  }
  return rows_of_groups(rows_, groups_, nearest, k, run);
}

Result<NearestGroups> ListIndex::scan_own(std::size_t k, std::size_t n_measured, Stage& stage,
                                          RunContext& run) const {
  NearestGroups found{k, std::vector<Neighbor>(groups_.size() * k)};
  TG_TRY(parallel_blocks(
      run, lists_.positions(), rows_together(settings_.n_probe),
      [&](const Block& block) -> Result<void> {
        std::vector<std::int32_t> positions;
        for (std::size_t p = block.begin; p < block.end; ++p) {
          if (lists_.group_at[p] >= 0) positions.push_back(narrow<std::int32_t>(p));
        }
        // One more than wanted: a row finds itself.
        ListSearch search(lists_, positions.size(), settings_.n_probe, n_measured + 1);
        TG_TRY(search.search(lists_.rows, positions, k + 1, run));
        GroupRanking measure(rows_, groups_, lists_,
                             settings_.n_refine > 0 ? Ranking::as_stored : Ranking::measured);
        std::vector<float> scratch(rows_.cols());
        std::vector<Neighbor> nearest;
        for (std::size_t i = 0; i < positions.size(); ++i) {
          const std::int32_t group = lists_.group_at[idx(positions[i])];
          const std::size_t row = idx(groups_.first[idx(group)]);
          measure.nearest({rows_.row(row, scratch), rows_.is_zero(row)}, search.found(i), group, -1,
                          k, nearest);
          TG_EXPECTS(nearest.size() == k);
          std::copy(nearest.begin(), nearest.end(),
                    found.neighbors.begin() + narrow<std::ptrdiff_t>(idx(group) * k));
        }
        stage.advance(block.end - block.begin);
        return {};
      }));
  return found;
}

Result<KnnGraph> ListIndex::query(MatrixView<const float> queries, std::size_t k,
                                  RunContext& run) const {
  const std::size_t m = queries.rows();
  KnnGraph graph = empty_graph(m, k);
  if (m == 0) return graph;
  TG_TRY(const MetricRows query_rows, MetricRows::make(queries, rows_.metric(), "queries", run,
                                                       MetricRows::Made::on_demand, rows_.scale()));
  SearchFrame frame = frame_;
  std::vector<std::int32_t> query_ids(m);
  std::iota(query_ids.begin(), query_ids.end(), 0);
  TG_TRY(frame.cover(query_rows, query_ids, run));  // refuses distances beyond float32
  const std::size_t k_groups = std::min(k, groups_.size());
  Stage stage(run, "neighbors", m);
  TG_TRY(parallel_blocks(run, m, query_grain, [&](const Block& block) -> Result<void> {
    const std::size_t count = block.end - block.begin;
    StoredRows asked(asked_as(settings_.storage), count, queries.cols());
    std::vector<std::int32_t> chosen(count);
    std::vector<float> row(queries.cols());
    for (std::size_t i = 0; i < count; ++i) {
      chosen[i] = narrow<std::int32_t>(i);
      static_cast<void>(center_row(query_rows, block.begin + i, frame_, row));
      asked.set(i, row, {});  // the query's own norm ranks nothing
    }
    ListSearch search(lists_, count, settings_.n_probe * query_probe_factor,
                      settings_.n_measured + k_groups);
    TG_TRY(search.search(asked, chosen, k_groups, run));
    GroupRanking measure(rows_, groups_, lists_, Ranking::measured);
    std::vector<float> other(queries.cols());
    std::vector<Neighbor> nearest;
    std::vector<Neighbor> members;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = block.begin + i;
      const float* values = query_rows.row(at, row);
      measure.nearest({values, query_rows.is_zero(at)}, search.found(i), -1,
                      groups_.group_like(rows_, values, other), k_groups, nearest);
      expand_groups(groups_, nearest, k, members);
      write_row(graph, at, members, -1);
    }
    stage.advance(count);
    return {};
  }));
  return graph;
}

}  // namespace topograph
