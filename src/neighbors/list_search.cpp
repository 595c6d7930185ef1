#include "neighbors/list_search.hpp"

#include <algorithm>
#include <numeric>

#include "topograph/core/narrow.hpp"

namespace topograph {

ListSearch::ListSearch(const RowLists& lists, std::size_t size, std::size_t n_probe,
                       std::size_t keep)
    : lists_(lists),
      probes_(size, std::min(n_probe, lists.size())),
      nearest_(size, keep),
      all_targets_(size) {
  std::iota(all_targets_.begin(), all_targets_.end(), 0);
}

void ListSearch::plan_visits(const RowCodes& codes, std::span<const std::int32_t> rows) {
  probes_.reset();
  scan_panels(codes, rows, all_targets_, lists_.centers, 0, lists_.centers.size(), probes_);
  visits_.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool is_second = false;
    for (const ScoredRow& probe : probes_.sorted(i)) {
      visits_.push_back({is_second, probe.id, narrow<std::int32_t>(i)});
      is_second = true;
    }
  }
  std::sort(visits_.begin(), visits_.end());
}

void ListSearch::run(const RowCodes& codes, std::span<const std::int32_t> rows, std::size_t least) {
  plan_visits(codes, rows);
  nearest_.reset();
  for (std::size_t begin = 0; begin < visits_.size();) {
    const Visit& visit = visits_[begin];
    chosen_.clear();
    targets_.clear();
    for (; begin + targets_.size() < visits_.size();) {
      const Visit& next = visits_[begin + targets_.size()];
      if (next.list != visit.list || next.is_second != visit.is_second) break;
      targets_.push_back(next.target);
      chosen_.push_back(rows[idx(next.target)]);
    }
    begin += targets_.size();
    scan_panels(codes, chosen_, targets_, lists_.panels, lists_.starts[idx(visit.list)],
                lists_.starts[idx(visit.list) + 1], nearest_);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (nearest_.sorted(i).size() >= least) continue;
    nearest_.reset_one(i);
    scan_panels(codes, rows.subspan(i, 1), std::span(all_targets_).subspan(i, 1), lists_.panels, 0,
                lists_.positions(), nearest_);
  }
}

void GroupRanking::nearest(const RowAtHand& query, std::span<const ScoredRow> found,
                           std::int32_t self, std::size_t k, std::vector<Neighbor>& out) {
  out.clear();
  for (const ScoredRow& one : found) {
    const std::int32_t group = lists_.group_at[idx(one.id)];
    if (group == self) continue;
    if (ranking_ == Ranking::by_codes) {
      out.push_back({one.score, group});
      continue;
    }
    const std::size_t row = idx(groups_.first[idx(group)]);
    const double half = half_squared(rows_.metric(), query,
                                     {rows_.row(row, scratch_), rows_.is_zero(row)}, rows_.cols());
    out.push_back({metric_distance(rows_.metric(), half), group});
  }
  std::sort(out.begin(), out.end());
  if (out.size() > k) out.resize(k);
}

}  // namespace topograph
