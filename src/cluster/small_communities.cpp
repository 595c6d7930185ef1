#include "cluster/small_communities.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <utility>

#include "cluster/leiden/aggregate_graph.hpp"
#include "cluster/leiden/neighbor_sums.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

/// Communities that join each other: who went where, and the communities in each group.
class Groups {
 public:
  explicit Groups(std::size_t n) : parent_(n), members_(n) {
    std::iota(parent_.begin(), parent_.end(), 0);
    for (std::size_t c = 0; c < n; ++c) members_[c] = {narrow<std::int32_t>(c)};
  }
  [[nodiscard]] std::int32_t find(std::int32_t c) {
    while (parent_[idx(c)] != c) {
      parent_[idx(c)] = parent_[idx(parent_[idx(c)])];
      c = parent_[idx(c)];
    }
    return c;
  }
  /// Both must be what `find` returns.
  void join(std::int32_t small, std::int32_t target) {
    parent_[idx(small)] = target;
    auto& members = members_[idx(target)];
    members.insert(members.end(), members_[idx(small)].begin(), members_[idx(small)].end());
    members_[idx(small)].clear();
  }
  [[nodiscard]] std::span<const std::int32_t> members(std::int32_t c) const {
    return members_[idx(c)];
  }

 private:
  std::vector<std::int32_t> parent_;
  std::vector<std::vector<std::int32_t>> members_;
};

/// Group with the most edge weight to group c (ties: smaller label); -1: it has no neighbour.
std::int32_t strongest_neighbor(const WeightedGraph& communities, Groups& groups, std::int32_t c,
                                NeighborSums& sums) {
  sums.clear();
  for (const std::int32_t member : groups.members(c)) {
    const auto columns = communities.edges.row_columns(idx(member));
    const auto values = communities.edges.row_values(idx(member));
    for (std::size_t e = 0; e < columns.size(); ++e) {
      const std::int32_t other = groups.find(columns[e]);
      if (other != c) sums.add(other, static_cast<double>(values[e]));
    }
  }
  std::int32_t best = -1;
  double best_weight = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const bool is_better = best < 0 || sums.weight(i) > best_weight ||
                           (sums.weight(i) == best_weight && sums.label(i) < best);
    if (!is_better) continue;
    best = sums.label(i);
    best_weight = sums.weight(i);
  }
  return best;
}

}  // namespace

std::vector<std::int64_t> documents_per_community(std::span<const std::int32_t> labels,
                                                  std::span<const std::int32_t> documents,
                                                  std::int32_t n_communities) {
  std::vector<std::int64_t> count(idx(n_communities), 0);
  for (std::size_t v = 0; v < labels.size(); ++v) {
    if (labels[v] >= 0) count[idx(labels[v])] += documents.empty() ? 1 : documents[v];
  }
  return count;
}

Result<std::vector<std::int32_t>> join_small_communities(
    const WeightedGraph& graph, std::span<const std::int32_t> documents, int min_size,
    std::vector<std::int32_t> labels, std::int32_t n_communities, RunContext& run) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  std::vector<std::int64_t> size = documents_per_community(labels, documents, n_communities);
  std::set<std::pair<std::int64_t, std::int32_t>> small;  // By (documents, label).
  for (std::int32_t c = 0; c < n_communities; ++c) {
    if (size[idx(c)] < min_size) small.emplace(size[idx(c)], c);
  }
  if (small.empty()) return labels;
  TG_TRY(const OwnGraph communities, aggregate_graph(graph, labels, n_communities, run));
  Groups groups(idx(n_communities));
  NeighborSums sums(idx(n_communities));
  while (!small.empty()) {
    const std::int32_t c = small.begin()->second;
    small.erase(small.begin());
    const std::int32_t target = strongest_neighbor(communities.view(), groups, c, sums);
    if (target < 0) continue;
    groups.join(c, target);
    const bool was_small = small.erase({size[idx(target)], target}) > 0;
    size[idx(target)] += size[idx(c)];
    if (was_small && size[idx(target)] < min_size) small.emplace(size[idx(target)], target);
  }
  for (std::int32_t& label : labels) label = groups.find(label);
  return labels;
}

}  // namespace topograph::detail
