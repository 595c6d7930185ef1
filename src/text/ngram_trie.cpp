#include "text/ngram_trie.hpp"

#include <algorithm>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kFirstSlots = 256;

std::uint64_t hash_of(std::int32_t parent, std::int32_t word) {
  // The finaliser of MurmurHash3.
  auto key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(parent)) << 32U) |
             static_cast<std::uint32_t>(word);
  key ^= key >> 33U;
  key *= 0xFF51AFD7ED558CCDULL;
  key ^= key >> 33U;
  key *= 0xC4CEB9FE1A85EC53ULL;
  return key ^ (key >> 33U);
}

}  // namespace

std::int32_t NgramTrie::add(std::int32_t parent, std::int32_t word) {
  if (nodes_.size() * 2 >= slots_.size()) grow();
  const std::uint64_t hash = hash_of(parent, word);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].id >= 0; at = (at + 1) & mask) {
    const Node& node = slots_[at].node;
    if (node.parent == parent && node.word == word) return slots_[at].id;
  }
  const auto id = narrow<std::int32_t>(nodes_.size());
  slots_[at] = {{parent, word}, id};
  nodes_.push_back({parent, word});
  return id;
}

void NgramTrie::grow() {
  const std::size_t n_slots = slots_.empty() ? kFirstSlots : slots_.size() * 2;
  slots_.assign(n_slots, Slot{});
  const std::size_t mask = n_slots - 1;
  for (std::size_t id = 0; id < nodes_.size(); ++id) {
    const std::uint64_t hash = hash_of(nodes_[id].parent, nodes_[id].word);
    std::size_t at = hash & mask;
    while (slots_[at].id >= 0) at = (at + 1) & mask;
    slots_[at] = {nodes_[id], static_cast<std::int32_t>(id)};
  }
}

std::vector<std::int32_t> NgramTrie::preorder(const std::vector<std::int32_t>& rank) const {
  const std::size_t n = nodes_.size();
  // Children of node i at [first[i + 1], first[i + 2]), those of the root at [first[0], first[1]).
  std::vector<std::uint32_t> first(n + 2, 0);
  const auto group = [&](std::size_t node) { return idx(nodes_[node].parent + 1); };
  for (std::size_t i = 0; i < n; ++i) ++first[group(i) + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<std::pair<std::int32_t, std::int32_t>> children(n);  // Rank, node.
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::size_t i = 0; i < n; ++i) {
    children[next[group(i)]++] = {rank[idx(nodes_[i].word)], static_cast<std::int32_t>(i)};
  }
  std::vector<std::int32_t> order;
  order.reserve(n);
  std::vector<std::int32_t> open;  // Nodes to come, the next one last.
  const auto push_children = [&](std::size_t parent_group) {
    const auto begin = children.begin() + first[parent_group];
    const auto end = children.begin() + first[parent_group + 1];
    std::sort(begin, end);
    for (auto at = end; at != begin;) open.push_back((--at)->second);
  };
  push_children(0);
  while (!open.empty()) {
    const std::int32_t node = open.back();
    open.pop_back();
    order.push_back(node);
    push_children(idx(node) + 1);
  }
  return order;
}

}  // namespace topograph
