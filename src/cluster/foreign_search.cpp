#include "cluster/foreign_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

// Squares and roots round; a limit wider by far more than that never cuts off an edge of equal
// weight.
constexpr double kRoundingSlack = 1 + 1e-12;

}  // namespace

ForeignSearch::ForeignSearch(const ForeignView& view) : view_(view), query_(view.tree.n_dims()) {}

void ForeignSearch::set_best(double weight, std::int32_t id, std::int32_t position) {
  best_ = {weight, id, position};
  const double reach = weight * view_.alpha;
  squared_limit_ = reach * reach * kRoundingSlack;
}

bool ForeignSearch::can_improve(const Pending& pending) const {
  if (pending.box > squared_limit_) return false;
  const std::size_t node = idx(pending.node);
  if (view_.node_component[node] == component_) return false;
  const double least = std::max(core_, view_.node_min_core[node]);
  if (least != best_.weight) return least < best_.weight;
  // Only an equal weight is possible here: look when a smaller id may be inside.
  return view_.tree.nodes()[node].min_id < best_.id;
}

void ForeignSearch::visit_leaf(const KdTree::Node& leaf) {
  std::array<double, KdTree::kLeafSize> squared;
  view_.tree.leaf_distances(leaf, query_, squared.data());
  for (std::size_t i = 0; i < leaf.size(); ++i) {
    if (squared[i] > squared_limit_) continue;
    const std::size_t position = idx(leaf.begin) + i;
    if (view_.component[position] == component_) continue;
    const double weight =
        std::max({core_, view_.core[position], std::sqrt(squared[i]) / view_.alpha});
    const std::int32_t id = view_.tree.ids()[position];
    if (weight < best_.weight || (weight == best_.weight && id < best_.id)) {
      set_best(weight, id, static_cast<std::int32_t>(position));
    }
  }
}

void ForeignSearch::visit_below(Pending pending) {
  const auto nodes = view_.tree.nodes();
  while (can_improve(pending)) {
    const KdTree::Node& node = nodes[idx(pending.node)];
    if (node.is_leaf()) {
      visit_leaf(node);
      return;
    }
    // Nearer child first; among equally near ones the one with the smaller id.
    const auto [left, right] = view_.tree.child_distances(idx(pending.node), query_);
    Pending first{left, pending.node + 1};
    Pending second{right, node.right};
    if (second.box < first.box || (second.box == first.box && nodes[idx(second.node)].min_id <
                                                                  nodes[idx(first.node)].min_id)) {
      std::swap(first, second);
    }
    stack_.push_back(second);
    pending = first;
  }
}

ForeignPoint ForeignSearch::find(std::size_t position, double bound) {
  core_ = view_.core[position];
  component_ = view_.component[position];
  view_.tree.read_point(position, query_);
  set_best(bound, std::numeric_limits<std::int32_t>::max(), -1);
  stack_.clear();
  stack_.push_back({0, 0});
  while (!stack_.empty()) {
    const Pending pending = stack_.back();
    stack_.pop_back();
    visit_below(pending);
  }
  return best_;
}

}  // namespace topograph::detail
