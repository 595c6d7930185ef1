#include "cluster/mutual_reachability_tree.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cluster/boruvka.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/prim.hpp"
#include "cluster/tree_edge.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/expects.hpp"

namespace topograph {
namespace detail {
SpanningTree as_spanning_tree(std::vector<TreeEdge> edges) {
  std::sort(edges.begin(), edges.end());
  SpanningTree tree;
  tree.from.reserve(edges.size());
  tree.to.reserve(edges.size());
  tree.distance.reserve(edges.size());
  for (const TreeEdge& edge : edges) {
    tree.from.push_back(edge.low);
    tree.to.push_back(edge.high);
    tree.distance.push_back(edge.weight);
  }
  return tree;
}

Result<SpanningTree> find_spanning_tree(const KdTree& tree, std::span<const double> core,
                                        MatrixView<const std::int32_t> near, double alpha,
                                        Stage* stage, RunContext& run) {
  if (tree.n_points() < 2) return SpanningTree{};
  TG_TRY(auto edges, boruvka(tree, core, near, alpha, stage, run));
  return as_spanning_tree(std::move(edges));
}

}  // namespace detail

Result<SpanningTree> mutual_reachability_tree(MatrixView<const float> x,
                                              std::span<const double> core, double alpha,
                                              RunContext& run) {
  TG_EXPECTS(core.size() == x.rows());
  if (!(alpha > 0) || !std::isfinite(alpha)) {
    return option_error("alpha", "expected a number above 0, found " + std::to_string(alpha));
  }
  TG_TRY(detail::check_points(x, "mutual_reachability_tree", run));
  if (x.cols() > detail::kMaxTreeDims && x.rows() > 0) {
    TG_TRY(auto edges, detail::prim(x, core, alpha, nullptr, run));
    return detail::as_spanning_tree(std::move(edges));
  }
  const detail::KdTree tree(x);
  const MatrixView<const std::int32_t> no_near(nullptr, x.rows(), 0);
  return detail::find_spanning_tree(tree, core, no_near, alpha, nullptr, run);
}

}  // namespace topograph
