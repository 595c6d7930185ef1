#include "topograph/cluster/hdbscan_steps.hpp"

#include <cstddef>
#include <numeric>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Union-find over points and merges: the root of a set is its last merge.
class MergeForest {
 public:
  explicit MergeForest(std::size_t n) : parent_(n == 0 ? 0 : 2 * n - 1) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  [[nodiscard]] std::int32_t root(std::int32_t x) {
    while (parent_[idx(x)] != x) {
      parent_[idx(x)] = parent_[idx(parent_[idx(x)])];
      x = parent_[idx(x)];
    }
    return x;
  }
  void hang(std::int32_t root, std::int32_t below) { parent_[idx(root)] = below; }

 private:
  std::vector<std::int32_t> parent_;
};

}  // namespace

Linkage link_spanning_tree(const SpanningTree& tree, std::span<const std::int32_t> weights) {
  const std::size_t n = tree.distance.size() + 1;
  TG_EXPECTS(tree.from.size() == n - 1 && tree.to.size() == n - 1);
  TG_EXPECTS(weights.empty() || weights.size() == n);
  Linkage linkage;
  MergeForest forest(n);
  const auto size_of = [&](std::int32_t node) -> std::int64_t {
    if (idx(node) >= n) return linkage.size[idx(node) - n];
    return weights.empty() ? 1 : weights[idx(node)];
  };
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const std::int32_t left = forest.root(tree.from[i]);
    const std::int32_t right = forest.root(tree.to[i]);
    TG_EXPECTS(left != right);
    const auto merge = narrow<std::int32_t>(n + i);
    linkage.left.push_back(left);
    linkage.right.push_back(right);
    linkage.height.push_back(tree.distance[i]);
    linkage.size.push_back(size_of(left) + size_of(right));
    forest.hang(left, merge);
    forest.hang(right, merge);
  }
  return linkage;
}

}  // namespace topograph
