#include "topograph/plot/dendrogram.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Groups where `is_inside(merge)` tells which merges lie below the cut.
template <class IsInside>
std::vector<std::int32_t> groups_where(const Linkage& linkage, const Dendrogram& layout,
                                       IsInside is_inside) {
  const std::size_t n = linkage.left.size() + 1;
  std::vector<std::int32_t> group(2 * n - 1, -1);
  // The topmost node of every group, by the position of its first leaf.
  std::int32_t n_groups = 0;
  std::vector<std::int32_t> top_group(2 * n - 1, -1);
  for (const std::int32_t leaf : layout.leaf_order) {
    std::size_t top = idx(leaf);
    while (layout.parent[top] >= 0 && is_inside(idx(layout.parent[top]) - n)) {
      top = idx(layout.parent[top]);
    }
    if (top_group[top] < 0) top_group[top] = n_groups++;
  }
  for (std::size_t node = 2 * n - 1; node-- > 0;) {
    const std::int32_t parent = layout.parent[node];
    group[node] = parent >= 0 && group[idx(parent)] >= 0 ? group[idx(parent)] : top_group[node];
  }
  return group;
}

}  // namespace

Dendrogram lay_out_dendrogram(const Linkage& linkage) {
  const std::size_t n = linkage.left.size() + 1;
  Dendrogram out;
  out.position.resize(2 * n - 1);
  out.height.resize(2 * n - 1);
  out.parent.assign(2 * n - 1, -1);
  for (std::size_t i = 0; i < n - 1; ++i) {
    out.height[n + i] = linkage.height[i];
    out.parent[idx(linkage.left[i])] = out.parent[idx(linkage.right[i])] =
        narrow<std::int32_t>(n + i);
  }
  std::vector<std::int32_t> stack{narrow<std::int32_t>(2 * n - 2)};
  while (!stack.empty()) {
    const std::int32_t node = stack.back();
    stack.pop_back();
    if (std::cmp_less(node, n)) {
      out.position[idx(node)] = static_cast<double>(out.leaf_order.size());
      out.leaf_order.push_back(node);
      continue;
    }
    std::int32_t first = linkage.left[idx(node) - n];
    std::int32_t second = linkage.right[idx(node) - n];
    const double first_height = out.height[idx(first)];
    const double second_height = out.height[idx(second)];
    if (second_height < first_height || (second_height == first_height && second < first)) {
      std::swap(first, second);
    }
    stack.push_back(second);
    stack.push_back(first);
  }
  for (std::size_t i = 0; i < n - 1; ++i) {
    out.position[n + i] =
        (out.position[idx(linkage.left[i])] + out.position[idx(linkage.right[i])]) / 2;
  }
  return out;
}

std::vector<std::int32_t> groups_below(const Linkage& linkage, const Dendrogram& layout,
                                       double height) {
  return groups_where(linkage, layout,
                      [&](std::size_t merge) { return linkage.height[merge] < height; });
}

std::vector<std::int32_t> groups_of_number(const Linkage& linkage, const Dendrogram& layout,
                                           std::size_t n_groups) {
  const std::size_t n = linkage.left.size() + 1;
  const std::size_t n_inside = n - std::clamp<std::size_t>(n_groups, 1, n);
  return groups_where(linkage, layout, [&](std::size_t merge) { return merge < n_inside; });
}

}  // namespace topograph
