// Boruvka with one k-d tree search a point (McInnes & Healy 2017 search dual trees; one tree is
// simpler and its rounds run in parallel). Most searches are saved by what earlier rounds learnt:
//  - a point's least foreign edge stays its least one while its far end is still foreign;
//  - once it is not, its weight is a lower bound of the point's next one;
//  - a point whose lower bound is above the least edge its component has so far need not search.
// Bounds decide only how much is searched. The edge a component ends with is the minimum in the
// total order of TreeEdge, so neither blocks nor threads can change the tree.
#include "cluster/boruvka.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cluster/foreign_search.hpp"
#include "cluster/union_find.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kSearchGrain = 256;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Boruvka {
 public:
  Boruvka(const KdTree& tree, std::span<const double> core, MatrixView<const std::int32_t> near,
          double alpha, RunContext& run);

  [[nodiscard]] bool is_done() const { return edges_.size() + 1 >= n_; }
  /// Joins every component with the nearest other one; returns the number of new edges.
  [[nodiscard]] Result<std::size_t> join_components();
  [[nodiscard]] std::vector<TreeEdge> take_edges() { return std::move(edges_); }

 private:
  void number_components();
  void mark_nodes();
  [[nodiscard]] Result<void> refresh_bounds();
  [[nodiscard]] Result<void> search_one_each();
  [[nodiscard]] Result<void> search_rest();
  [[nodiscard]] std::size_t join_least();

  /// Coordinates of two points.
  struct Pair {
    std::vector<double> a;
    std::vector<double> b;
  };
  /// Weight of the least edge to a foreign point among the near ones.
  [[nodiscard]] double near_weight(std::size_t position, Pair& scratch) const;
  void search(ForeignSearch& searcher, std::size_t position, double bound);

  const KdTree& tree_;
  MatrixView<const std::int32_t> near_;
  double alpha_;
  RunContext& run_;
  std::size_t n_;

  // By position.
  std::vector<double> core_;
  std::vector<std::int32_t> component_;
  std::vector<ForeignPoint> least_;  ///< Least foreign edge, while its far end is foreign.
  std::vector<double> lower_;        ///< No foreign edge is lighter.
  std::vector<double> upper_;        ///< Scratch of a round: upper bound of the least edge.
  // By node.
  std::vector<double> node_min_core_;
  std::vector<std::int32_t> node_component_;
  // By component.
  std::int32_t n_components_ = 0;
  std::vector<double> bound_;  ///< Some edge of the component weighs this or less.

  UnionFind sets_;
  std::vector<TreeEdge> edges_ = {};
};

Boruvka::Boruvka(const KdTree& tree, std::span<const double> core,
                 MatrixView<const std::int32_t> near, double alpha, RunContext& run)
    : tree_(tree),
      near_(near),
      alpha_(alpha),
      run_(run),
      n_(tree.n_points()),
      core_(n_),
      component_(n_),
      least_(n_),
      lower_(n_),
      upper_(n_),
      node_min_core_(tree.nodes().size()),
      node_component_(tree.nodes().size()),
      sets_(n_) {
  for (std::size_t p = 0; p < n_; ++p) core_[p] = lower_[p] = core[idx(tree.ids()[p])];
  const auto nodes = tree.nodes();
  for (std::size_t node = nodes.size(); node-- > 0;) {
    if (!nodes[node].is_leaf()) {
      node_min_core_[node] =
          std::min(node_min_core_[node + 1], node_min_core_[idx(nodes[node].right)]);
      continue;
    }
    const auto first = core_.begin() + nodes[node].begin;
    node_min_core_[node] =
        *std::min_element(first, first + static_cast<std::ptrdiff_t>(nodes[node].size()));
  }
}

void Boruvka::number_components() {
  std::vector<std::int32_t> number(n_, -1);
  n_components_ = 0;
  for (std::size_t p = 0; p < n_; ++p) {
    std::int32_t& of_root = number[idx(sets_.find(static_cast<std::int32_t>(p)))];
    if (of_root < 0) of_root = n_components_++;
    component_[p] = of_root;
  }
}

void Boruvka::mark_nodes() {
  const auto nodes = tree_.nodes();
  for (std::size_t node = nodes.size(); node-- > 0;) {
    std::int32_t& mark = node_component_[node];
    if (nodes[node].is_leaf()) {
      const auto first = component_.begin() + nodes[node].begin;
      const auto last = first + static_cast<std::ptrdiff_t>(nodes[node].size());
      mark = std::all_of(first, last, [&](std::int32_t c) { return c == *first; }) ? *first : -1;
    } else {
      const std::int32_t right = node_component_[idx(nodes[node].right)];
      mark = node_component_[node + 1] == right ? right : -1;
    }
  }
}

double Boruvka::near_weight(std::size_t position, Pair& scratch) const {
  double least = kInfinity;
  for (const std::int32_t other : near_.row(position)) {
    if (component_[idx(other)] == component_[position]) continue;
    if (std::isinf(least)) tree_.read_point(position, scratch.a);
    tree_.read_point(idx(other), scratch.b);
    double squared = 0;
    for (std::size_t c = 0; c < scratch.a.size(); ++c) {
      const double difference = scratch.b[c] - scratch.a[c];
      squared += difference * difference;
    }
    const double distance = std::sqrt(squared) / alpha_;
    least = std::min(least, std::max({core_[position], core_[idx(other)], distance}));
    if (least <= std::max(core_[position], distance)) break;  // The others are farther away.
  }
  return least;
}

Result<void> Boruvka::refresh_bounds() {
  TG_TRY(parallel_blocks(run_, n_, kSearchGrain, [&](const Block& block) {
    Pair scratch{std::vector<double>(tree_.n_dims()), std::vector<double>(tree_.n_dims())};
    for (std::size_t p = block.begin; p < block.end; ++p) {
      ForeignPoint& least = least_[p];
      if (least.exists() && component_[idx(least.position)] == component_[p]) least = {};
      upper_[p] = least.exists() ? least.weight : near_weight(p, scratch);
    }
  }));
  bound_.assign(idx(n_components_), kInfinity);
  for (std::size_t p = 0; p < n_; ++p) {
    double& bound = bound_[idx(component_[p])];
    bound = std::min(bound, upper_[p]);
  }
  return {};
}

void Boruvka::search(ForeignSearch& searcher, std::size_t position, double bound) {
  const ForeignPoint found = searcher.find(position, bound);
  least_[position] = found;
  lower_[position] = found.exists() ? found.weight : std::max(lower_[position], bound);
}

/// The point with the least lower bound of each component searches first: what it finds spares most
/// others the search.
Result<void> Boruvka::search_one_each() {
  std::vector<std::int32_t> first(idx(n_components_), -1);
  for (std::size_t p = 0; p < n_; ++p) {
    const std::size_t c = idx(component_[p]);
    if (least_[p].exists() || lower_[p] > bound_[c]) continue;
    if (first[c] < 0 || lower_[p] < lower_[idx(first[c])]) first[c] = static_cast<std::int32_t>(p);
  }
  const ForeignView view{tree_, core_, node_min_core_, component_, node_component_, alpha_};
  return parallel_blocks(run_, first.size(), kSearchGrain / 8, [&](const Block& block) {
    ForeignSearch searcher(view);
    for (std::size_t c = block.begin; c < block.end; ++c) {
      if (first[c] < 0) continue;
      const std::size_t p = idx(first[c]);
      search(searcher, p, bound_[c]);
      bound_[c] = std::min(bound_[c], least_[p].weight);
    }
  });
}

Result<void> Boruvka::search_rest() {
  const ForeignView view{tree_, core_, node_min_core_, component_, node_component_, alpha_};
  return parallel_blocks(run_, n_, kSearchGrain, [&](const Block& block) {
    ForeignSearch searcher(view);
    std::int32_t component = -1;
    double bound = kInfinity;  // Of `component`, tightened by what this block has found.
    for (std::size_t p = block.begin; p < block.end; ++p) {
      if (component_[p] != component) {
        component = component_[p];
        bound = bound_[idx(component)];
      }
      if (least_[p].exists() || lower_[p] > bound) continue;
      search(searcher, p, bound);
      if (least_[p].exists()) bound = std::min(bound, least_[p].weight);
    }
  });
}

std::size_t Boruvka::join_least() {
  std::vector<TreeEdge> least(idx(n_components_));
  std::vector<std::pair<std::int32_t, std::int32_t>> ends(idx(n_components_));
  for (std::size_t p = 0; p < n_; ++p) {
    if (!least_[p].exists()) continue;
    const TreeEdge edge = tree_edge(least_[p].weight, tree_.ids()[p], least_[p].id);
    const std::size_t c = idx(component_[p]);
    if (!(edge < least[c])) continue;
    least[c] = edge;
    ends[c] = {static_cast<std::int32_t>(p), least_[p].position};
  }
  const std::size_t before = edges_.size();
  for (std::size_t c = 0; c < least.size(); ++c) {
    if (sets_.join(ends[c].first, ends[c].second)) edges_.push_back(least[c]);
  }
  return edges_.size() - before;
}

Result<std::size_t> Boruvka::join_components() {
  number_components();
  mark_nodes();
  TG_TRY(refresh_bounds());
  TG_TRY(search_one_each());
  TG_TRY(search_rest());
  return join_least();
}

}  // namespace

Result<std::vector<TreeEdge>> boruvka(const KdTree& tree, std::span<const double> core,
                                      MatrixView<const std::int32_t> near, double alpha,
                                      Stage* stage, RunContext& run) {
  TG_EXPECTS(core.size() == tree.n_points() && near.rows() == tree.n_points());
  Boruvka search(tree, core, near, alpha, run);
  while (!search.is_done()) {
    TG_TRY(const std::size_t n_new, search.join_components());
    TG_EXPECTS(n_new > 0);
    if (stage != nullptr) stage->advance(n_new);
  }
  return search.take_edges();
}

}  // namespace topograph::detail
