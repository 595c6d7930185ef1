#include "cluster/prim.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kLeafGrain = 64;

/// Least edge from the tree to each point outside, by position.
struct Frontier {
  std::vector<TreeEdge> least;
  std::vector<char> is_inside;
};

/// Least frontier edge of the leaves [begin, end) after `added` (with coordinates `query`) joined.
struct NextPoint {
  TreeEdge edge = {};
  std::size_t position = 0;
};

NextPoint update_leaves(const KdTree& tree, std::span<const double> core, double alpha,
                        std::size_t added, std::span<const double> query, const Block& leaves,
                        Frontier& frontier) {
  std::array<double, KdTree::kLeafSize> squared;
  const std::int32_t added_id = tree.ids()[added];
  NextPoint next;
  for (std::size_t l = leaves.begin; l < leaves.end; ++l) {
    const KdTree::Node& leaf = tree.nodes()[idx(tree.leaves()[l])];
    tree.leaf_distances(leaf, query, squared.data());
    for (std::size_t i = 0; i < leaf.size(); ++i) {
      const std::size_t position = idx(leaf.begin) + i;
      if (frontier.is_inside[position] != 0) continue;
      const std::int32_t id = tree.ids()[position];
      const double weight =
          std::max({core[idx(added_id)], core[idx(id)], std::sqrt(squared[i]) / alpha});
      TreeEdge& least = frontier.least[position];
      least = std::min(least, tree_edge(weight, added_id, id));
      if (least < next.edge) next = {least, position};
    }
  }
  return next;
}

}  // namespace

Result<std::vector<TreeEdge>> prim(const KdTree& tree, std::span<const double> core, double alpha,
                                   Stage* stage, RunContext& run) {
  const std::size_t n = tree.n_points();
  TG_EXPECTS(core.size() == n && n > 0);
  Frontier frontier{std::vector<TreeEdge>(n), std::vector<char>(n, 0)};
  std::vector<NextPoint> next(block_count(tree.leaves().size(), kLeafGrain));
  std::vector<double> query(tree.n_dims());
  std::vector<TreeEdge> edges;
  edges.reserve(n - 1);
  std::size_t added = 0;
  while (edges.size() + 1 < n) {
    frontier.is_inside[added] = 1;
    tree.read_point(added, query);
    TG_TRY(parallel_blocks(run, tree.leaves().size(), kLeafGrain, [&](const Block& block) {
      next[block.index] = update_leaves(tree, core, alpha, added, query, block, frontier);
    }));
    const auto least =
        std::min_element(next.begin(), next.end(),
                         [](const NextPoint& a, const NextPoint& b) { return a.edge < b.edge; });
    edges.push_back(least->edge);
    added = least->position;
    if (stage != nullptr) stage->advance();
  }
  return edges;
}

}  // namespace topograph::detail
