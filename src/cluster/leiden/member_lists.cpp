#include "cluster/leiden/member_lists.hpp"

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

MemberLists list_members(std::span<const std::int32_t> labels, std::int32_t n_communities,
                         std::span<const std::int32_t> order) {
  TG_EXPECTS(order.empty() || order.size() == labels.size());
  MemberLists lists;
  lists.begins.assign(idx(n_communities) + 1, 0);
  for (const std::int32_t label : labels) ++lists.begins[idx(label) + 1];
  for (std::size_t c = 1; c < lists.begins.size(); ++c) lists.begins[c] += lists.begins[c - 1];
  std::vector<std::size_t> next(lists.begins.begin(), lists.begins.end() - 1);
  lists.members.resize(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int32_t v = order.empty() ? narrow<std::int32_t>(i) : order[i];
    lists.members[next[idx(labels[idx(v)])]++] = v;
  }
  return lists;
}

std::vector<std::size_t> cut_evenly(const MemberLists& lists, std::size_t wanted) {
  std::vector<std::size_t> cuts{0};
  for (std::size_t c = 0; c < lists.n_communities(); ++c) {
    if (lists.begins[c + 1] - lists.begins[cuts.back()] >= wanted) cuts.push_back(c + 1);
  }
  if (cuts.back() < lists.n_communities()) cuts.push_back(lists.n_communities());
  return cuts;
}

std::int32_t number_densely(std::vector<std::int32_t>& labels) {
  std::vector<std::int32_t> new_label(labels.size(), -1);
  std::int32_t n_labels = 0;
  for (std::int32_t& label : labels) {
    std::int32_t& renamed = new_label[idx(label)];
    if (renamed < 0) renamed = n_labels++;
    label = renamed;
  }
  return n_labels;
}

}  // namespace topograph::detail
