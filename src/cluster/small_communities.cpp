#include "cluster/small_communities.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

using Links = std::vector<std::map<std::int32_t, double>>;

Links links_between(const LeidenGraph& graph, std::span<const std::int32_t> labels,
                    std::int32_t n_communities) {
  Links links(idx(n_communities));
  for (std::size_t e = 0; e < graph.n_edges(); ++e) {
    const std::int32_t a = labels[graph.from(e)];
    const std::int32_t b = labels[graph.to(e)];
    if (a == b) continue;
    links[idx(a)][b] += graph.edge_weights[e];
    links[idx(b)][a] += graph.edge_weights[e];
  }
  return links;
}

std::int32_t strongest(const std::map<std::int32_t, double>& links) {
  auto best = links.begin();
  for (auto it = links.begin(); it != links.end(); ++it) {
    if (it->second > best->second) best = it;
  }
  return best->first;
}

/// Moves every link of `small` to `target`.
void merge_links(Links& links, std::int32_t small, std::int32_t target) {
  for (const auto& [other, weight] : links[idx(small)]) {
    links[idx(other)].erase(small);
    if (other == target) continue;
    links[idx(other)][target] += weight;
    links[idx(target)][other] += weight;
  }
  links[idx(small)].clear();
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

std::vector<std::int32_t> join_small_communities(const LeidenGraph& graph,
                                                 std::span<const std::int32_t> documents,
                                                 int min_size, std::vector<std::int32_t> labels,
                                                 std::int32_t n_communities) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  std::vector<std::int64_t> size = documents_per_community(labels, documents, n_communities);
  Links links = links_between(graph, labels, n_communities);
  std::vector<std::int32_t> joined_to(idx(n_communities), -1);
  std::set<std::pair<std::int64_t, std::int32_t>> small;  // By (documents, label).
  for (std::int32_t c = 0; c < n_communities; ++c) {
    if (size[idx(c)] < min_size && !links[idx(c)].empty()) small.emplace(size[idx(c)], c);
  }
  while (!small.empty()) {
    const std::int32_t c = small.begin()->second;
    small.erase(small.begin());
    if (links[idx(c)].empty()) continue;  // Its last neighbour has joined it.
    const std::int32_t target = strongest(links[idx(c)]);
    merge_links(links, c, target);
    joined_to[idx(c)] = target;
    const bool was_small = small.erase({size[idx(target)], target}) > 0;
    size[idx(target)] += size[idx(c)];
    if (was_small && size[idx(target)] < min_size) small.emplace(size[idx(target)], target);
  }
  for (std::int32_t& label : labels) {
    while (joined_to[idx(label)] >= 0) label = joined_to[idx(label)];
  }
  return labels;
}

}  // namespace topograph::detail
