#include "neighbors/list_search.hpp"

#include <algorithm>
#include <numeric>

#include "topograph/core/narrow.hpp"

namespace topograph {

ListSearch::ListSearch(const RowLists& lists, std::size_t size, std::size_t n_probe,
                       std::size_t keep)
    : lists_(lists),
      scanner_(lists.panels.storage(), lists.rows.cols()),
      probes_(size, std::min(n_probe, lists.size())),
      nearest_(size, keep),
      all_targets_(size) {
  std::iota(all_targets_.begin(), all_targets_.end(), 0);
}

void ListSearch::plan_visits(const StoredRows& rows, std::span<const std::int32_t> chosen) {
  probes_.reset();
  scanner_.scan({rows, chosen, all_targets_}, lists_.centers, 0, lists_.centers.size(), probes_);
  visits_.clear();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    bool is_second = false;
    for (const ScoredRow& probe : probes_.sorted(i)) {
      visits_.push_back({is_second, probe.id, narrow<std::int32_t>(i)});
      is_second = true;
    }
  }
  std::sort(visits_.begin(), visits_.end());
}

Result<void> ListSearch::search(const StoredRows& rows, std::span<const std::int32_t> chosen,
                                std::size_t least, RunContext& run) {
  plan_visits(rows, chosen);
  nearest_.reset();
  for (std::size_t begin = 0; begin < visits_.size();) {
    if (run.stop_requested()) return cancelled();
    const Visit& visit = visits_[begin];
    chosen_.clear();
    targets_.clear();
    for (; begin + targets_.size() < visits_.size();) {
      const Visit& next = visits_[begin + targets_.size()];
      if (next.list != visit.list || next.is_second != visit.is_second) break;
      targets_.push_back(next.target);
      chosen_.push_back(chosen[idx(next.target)]);
    }
    begin += targets_.size();
    scanner_.scan({rows, chosen_, targets_}, lists_.panels, lists_.starts[idx(visit.list)],
                  lists_.starts[idx(visit.list) + 1], nearest_);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (nearest_.sorted(i).size() >= least) continue;
    nearest_.reset_one(i);
    for (std::size_t list = 0; list < lists_.size(); ++list) {
      if (run.stop_requested()) return cancelled();
      scanner_.scan({rows, chosen.subspan(i, 1), std::span(all_targets_).subspan(i, 1)},
                    lists_.panels, lists_.starts[list], lists_.starts[list + 1], nearest_);
    }
  }
  return {};
}

float GroupRanking::distance(const RowAtHand& query, std::int32_t group) {
  const std::size_t row = idx(groups_.first[idx(group)]);
  const double half = half_squared(rows_.metric(), query,
                                   {rows_.row(row, scratch_), rows_.is_zero(row)}, rows_.cols());
  return metric_distance(rows_.metric(), half);
}

void GroupRanking::nearest(const RowAtHand& query, std::span<const ScoredRow> found,
                           std::int32_t self, std::int32_t equal, std::size_t k,
                           std::vector<Neighbor>& out) {
  out.clear();
  if (equal >= 0) out.push_back({distance(query, equal), equal});
  for (const ScoredRow& one : found) {
    const std::int32_t group = lists_.group_at[idx(one.id)];
    if (group == self || group == equal) continue;
    out.push_back({ranking_ == Ranking::as_stored ? one.score : distance(query, group), group});
  }
  std::sort(out.begin(), out.end());
  if (out.size() > k) out.resize(k);
}

}  // namespace topograph
