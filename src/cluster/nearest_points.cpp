#include "cluster/nearest_points.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

bool is_nearer(double squared, std::int32_t id, const NearestPoints::Found& other) {
  return squared < other.squared || (squared == other.squared && id < other.id);
}

}  // namespace

NearestPoints::NearestPoints(const KdTree& tree, std::size_t k)
    : tree_(tree), k_(std::min(k, tree.n_points())) {
  TG_EXPECTS(k_ > 0);
  found_.reserve(k_ + 1);
}

bool NearestPoints::can_improve(double box, std::int32_t min_id) const {
  return found_.size() < k_ || is_nearer(box, min_id, found_.back());
}

void NearestPoints::visit_leaf(const KdTree::Node& leaf, std::span<const double> query) {
  std::array<double, KdTree::kLeafSize> squared;
  tree_.leaf_distances(leaf, query, squared.data());
  for (std::size_t i = 0; i < leaf.size(); ++i) {
    const std::size_t position = idx(leaf.begin) + i;
    const std::int32_t id = tree_.ids()[position];
    if (!can_improve(squared[i], id)) continue;
    const auto at =
        std::upper_bound(found_.begin(), found_.end(), squared[i],
                         [id](double value, const Found& f) { return is_nearer(value, id, f); });
    found_.insert(at, {squared[i], id, static_cast<std::int32_t>(position)});
    if (found_.size() > k_) found_.pop_back();
  }
}

std::span<const NearestPoints::Found> NearestPoints::find(std::span<const double> query) {
  TG_EXPECTS(query.size() == tree_.n_dims());
  const auto nodes = tree_.nodes();
  found_.clear();
  stack_.clear();
  stack_.emplace_back(0.0, 0);
  while (!stack_.empty()) {
    auto [box, at] = stack_.back();
    stack_.pop_back();
    while (can_improve(box, nodes[idx(at)].min_id)) {
      const KdTree::Node& node = nodes[idx(at)];
      if (node.is_leaf()) {
        visit_leaf(node, query);
        break;
      }
      // Nearer child first; among equally near ones the one with the smaller id.
      const auto [left_box, right_box] = tree_.child_distances(idx(at), query);
      std::pair left{left_box, at + 1};
      std::pair right{right_box, node.right};
      const bool is_right_first =
          right.first < left.first ||
          (right.first == left.first && nodes[idx(node.right)].min_id < nodes[idx(at + 1)].min_id);
      if (is_right_first) std::swap(left, right);
      stack_.push_back(right);
      std::tie(box, at) = left;
    }
  }
  return found_;
}

}  // namespace topograph::detail
