// Walks the linkage from the root, level by level (hdbscan's order, so that clusters get the same
// numbers). Below a node, lambda = 1 / height:
//  - two sides of at least min_cluster_size points become two new clusters, the left one first;
//  - a smaller side falls out of the cluster point by point;
//  - the larger side goes on as the same cluster.
#include "topograph/cluster/hdbscan_steps.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <queue>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

double lambda_at(double height) {
  return height > 0 ? 1 / height : std::numeric_limits<double>::infinity();
}

class Condenser {
 public:
  Condenser(const Linkage& linkage, std::span<const std::int32_t> weights, int min_cluster_size,
            std::span<const double> core)
      : linkage_(linkage),
        weights_(weights),
        core_(core),
        min_size_(min_cluster_size),
        n_(linkage.height.size() + 1) {
    tree_.n_points = narrow<std::int32_t>(n_);
    next_cluster_ = tree_.n_points + 1;
  }

  CondensedTree run() {
    std::queue<Branch> branches;
    branches.push({narrow<std::int32_t>(2 * n_ - 2), tree_.n_points});
    while (!branches.empty()) {
      const Branch branch = branches.front();
      branches.pop();
      if (idx(branch.node) < n_) {
        add_lone_point(branch);
        continue;
      }
      const std::size_t merge = idx(branch.node) - n_;
      const double lambda = lambda_at(linkage_.height[merge]);
      const std::int32_t left = linkage_.left[merge];
      const std::int32_t right = linkage_.right[merge];
      const bool is_left_large = is_large(left);
      const bool is_right_large = is_large(right);
      if (is_left_large && is_right_large) {
        branches.push({left, add_cluster(branch.cluster, lambda, left)});
        branches.push({right, add_cluster(branch.cluster, lambda, right)});
        continue;
      }
      if (!is_left_large) add_points(branch.cluster, lambda, left);
      if (!is_right_large) add_points(branch.cluster, lambda, right);
      if (is_left_large) branches.push({left, branch.cluster});
      if (is_right_large) branches.push({right, branch.cluster});
    }
    return std::move(tree_);
  }

 private:
  struct Branch {
    std::int32_t node = 0;
    std::int32_t cluster = 0;
  };

  [[nodiscard]] std::int64_t size_of(std::int32_t node) const {
    if (idx(node) >= n_) return linkage_.size[idx(node) - n_];
    return weights_.empty() ? 1 : weights_[idx(node)];
  }

  /// Rows left out as non-finite, whose core distance is infinite, are never a cluster.
  [[nodiscard]] bool is_large(std::int32_t node) const {
    if (size_of(node) < min_size_) return false;
    return idx(node) >= n_ || core_.empty() || std::isfinite(core_[idx(node)]);
  }

  void add_row(std::int32_t parent, std::int32_t child, double lambda, std::int64_t size) {
    tree_.parent.push_back(parent);
    tree_.child.push_back(child);
    tree_.lambda.push_back(lambda);
    tree_.child_size.push_back(size);
  }

  std::int32_t add_cluster(std::int32_t parent, double lambda, std::int32_t node) {
    add_row(parent, next_cluster_, lambda, size_of(node));
    return next_cluster_++;
  }

  /// Every point below a node leaves `cluster` at lambda.
  void add_points(std::int32_t cluster, double lambda, std::int32_t node) {
    std::queue<std::int32_t> below;
    below.push(node);
    while (!below.empty()) {
      const std::int32_t at = below.front();
      below.pop();
      if (idx(at) < n_) {
        add_row(cluster, at, lambda, size_of(at));
        continue;
      }
      below.push(linkage_.left[idx(at) - n_]);
      below.push(linkage_.right[idx(at) - n_]);
    }
  }

  /// A point that stands for enough copies to be a cluster: they part at its core distance.
  void add_lone_point(const Branch& branch) {
    const double core = core_.empty() ? 0.0 : core_[idx(branch.node)];
    add_row(branch.cluster, branch.node, lambda_at(core), size_of(branch.node));
  }

  const Linkage& linkage_;
  std::span<const std::int32_t> weights_;
  std::span<const double> core_;
  std::int64_t min_size_;
  std::size_t n_;
  CondensedTree tree_ = {};
  std::int32_t next_cluster_ = 0;
};

}  // namespace

CondensedTree condense_tree(const Linkage& linkage, std::span<const std::int32_t> weights,
                            int min_cluster_size, std::span<const double> core) {
  const std::size_t n = linkage.height.size() + 1;
  TG_EXPECTS(linkage.left.size() + 1 == n && linkage.right.size() + 1 == n &&
             linkage.size.size() + 1 == n);
  TG_EXPECTS(weights.empty() || weights.size() == n);
  TG_EXPECTS(core.empty() || core.size() == n);
  return Condenser(linkage, weights, min_cluster_size, core).run();
}

}  // namespace topograph
