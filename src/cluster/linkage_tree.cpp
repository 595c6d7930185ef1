#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "cluster/point_checks.hpp"
#include "kernels/kernels.hpp"
#include "topograph/cluster/agglomerative.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/memory_budget.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

// Nearest-neighbour chain: follow nearest neighbours until two clusters are each other's, merge
// them, go on from the rest of the chain. Ward, average and complete linkage are reducible (a merge
// brings nobody nearer), so the chain stays valid and the merges, sorted by height, are those of
// the greedy algorithm. The distance of a merged pair follows from the old ones (Lance-Williams).
namespace topograph {
namespace {

/// Distances of n points, one entry a pair.
class PairDistances {
 public:
  explicit PairDistances(std::size_t n) : n_(n), values_(n * (n - 1) / 2) {}
  PairDistances(std::size_t n, std::vector<double> values) : n_(n), values_(std::move(values)) {
    TG_EXPECTS(values_.size() == n * (n - 1) / 2);
  }
  [[nodiscard]] double& between(std::size_t a, std::size_t b) {
    if (a > b) std::swap(a, b);
    return values_[a * (2 * n_ - a - 1) / 2 + (b - a - 1)];
  }
  [[nodiscard]] std::span<double> row(std::size_t a) {  ///< To a + 1, a + 2 …
    return {values_.data() + a * (2 * n_ - a - 1) / 2, n_ - a - 1};
  }

 private:
  std::size_t n_;
  std::vector<double> values_;
};

struct Sizes {
  double a = 1;
  double b = 1;
  double other = 1;
};

double merged_distance(LinkageMethod method, double to_a, double to_b, double between,
                       const Sizes& size) {
  switch (method) {
    case LinkageMethod::ward: {
      const double squared =
          ((size.a + size.other) * to_a * to_a + (size.b + size.other) * to_b * to_b -
           size.other * between * between) /
          (size.a + size.b + size.other);
      return std::sqrt(std::max(0.0, squared));
    }
    case LinkageMethod::average: return (size.a * to_a + size.b * to_b) / (size.a + size.b);
    case LinkageMethod::complete: return std::max(to_a, to_b);
    case LinkageMethod::single: return std::min(to_a, to_b);
  }
  return 0;
}

class Chain {
 public:
  Chain(std::size_t n, std::span<const std::int32_t> weights, LinkageMethod method)
      : method_(method), distances_(n), size_(n, 1.0), is_alive_(n, 1) {
    for (std::size_t i = 0; i < weights.size(); ++i) size_[i] = static_cast<double>(weights[i]);
  }

  Chain(std::vector<double> distances, std::size_t n, LinkageMethod method)
      : method_(method), distances_(n, std::move(distances)), size_(n, 1.0), is_alive_(n, 1) {}

  Result<void> measure(MatrixView<const float> x, RunContext& run) {
    return parallel_blocks(run, x.rows(), 16, [&](const Block& block) {
      for (std::size_t a = block.begin; a < block.end; ++a) {
        const auto row = distances_.row(a);
        for (std::size_t i = 0; i < row.size(); ++i) {
          const std::size_t b = a + 1 + i;
          const double squared =
              kernels::active().squared_distance(x.row(a).data(), x.row(b).data(), x.cols());
          // Two balls of equal points: what a merge of all their points adds.
          const double factor = method_ == LinkageMethod::ward
                                    ? 2 * size_[a] * size_[b] / (size_[a] + size_[b])
                                    : 1.0;
          row[i] = std::sqrt(factor * squared);
        }
      }
    });
  }

  /// The merges as edges between points, in the order they were found.
  Result<SpanningTree> merge_all(Stage& stage, RunContext& run) {
    SpanningTree merges;
    std::vector<std::size_t> chain;
    const std::size_t n = size_.size();
    std::size_t first_alive = 0;
    while (merges.distance.size() + 1 < n) {
      if (chain.empty()) {
        while (is_alive_[first_alive] == 0) ++first_alive;
        chain.push_back(first_alive);
      }
      const std::size_t tip = chain.back();
      const std::size_t before = chain.size() > 1 ? chain[chain.size() - 2] : n;
      const auto [next, distance] = nearest(tip, before);
      if (next != before) {
        chain.push_back(next);
        continue;
      }
      chain.resize(chain.size() - 2);
      merges.from.push_back(narrow<std::int32_t>(std::min(tip, next)));
      merges.to.push_back(narrow<std::int32_t>(std::max(tip, next)));
      merges.distance.push_back(distance);
      merge(std::min(tip, next), std::max(tip, next), distance);
      stage.advance();
      if (run.stop_requested()) return cancelled();
    }
    return merges;
  }

 private:
  /// The nearest cluster; `preferred` if it is as near as any (so that a chain ends).
  std::pair<std::size_t, double> nearest(std::size_t from, std::size_t preferred) {
    std::size_t best = preferred;
    double least = preferred < size_.size() ? distances_.between(from, preferred)
                                            : std::numeric_limits<double>::infinity();
    for (std::size_t other = 0; other < size_.size(); ++other) {
      if (other == from || is_alive_[other] == 0) continue;
      const double distance = distances_.between(from, other);
      if (distance < least || best == size_.size()) {
        least = distance;
        best = other;
      }
    }
    return {best, least};
  }

  /// Cluster b becomes the union, a is no more.
  void merge(std::size_t a, std::size_t b, double between) {
    is_alive_[a] = 0;
    for (std::size_t other = 0; other < size_.size(); ++other) {
      if (other == b || is_alive_[other] == 0) continue;
      double& to_b = distances_.between(other, b);
      to_b = merged_distance(method_, distances_.between(other, a), to_b, between,
                             {size_[a], size_[b], size_[other]});
    }
    size_[b] += size_[a];
  }

  LinkageMethod method_;
  PairDistances distances_;
  std::vector<double> size_;
  std::vector<char> is_alive_;
};

/// Edges by height; those of equal height in the order they were found, so that a cluster is made
/// before it is merged on.
SpanningTree by_height(const SpanningTree& merges) {
  std::vector<std::size_t> order(merges.distance.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return merges.distance[a] < merges.distance[b]; });
  SpanningTree sorted;
  for (const std::size_t i : order) {
    sorted.from.push_back(merges.from[i]);
    sorted.to.push_back(merges.to[i]);
    sorted.distance.push_back(merges.distance[i]);
  }
  return sorted;
}

Linkage linked(const SpanningTree& tree, std::span<const std::int32_t> weights) {
  Linkage linkage = link_spanning_tree(tree, weights);
  for (std::size_t i = 0; i < linkage.left.size(); ++i) {
    if (linkage.left[i] > linkage.right[i]) std::swap(linkage.left[i], linkage.right[i]);
  }
  return linkage;
}

}  // namespace

Result<Linkage> linkage_tree(MatrixView<const float> x, std::span<const std::int32_t> weights,
                             LinkageMethod method, RunContext& run) {
  TG_TRY(detail::check_points(x, "agglomerative", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "agglomerative"));
  if (x.rows() == 0) {
    return input_error(ErrorCode::invalid_argument, "agglomerative", "expected points, found none");
  }
  SpanningTree tree;
  if (method == LinkageMethod::single) {
    TG_TRY(tree, mutual_reachability_tree(x, std::vector<double>(x.rows(), 0.0), 1.0, run));
  } else if (x.rows() > 1) {
    TG_TRY(require_memory(x.rows() * (x.rows() - 1) / 2 * sizeof(double),
                          "the distances of " + std::to_string(x.rows()) + " points",
                          "use kmeans or the linkage `single`", run));
    Stage stage(run, "agglomerative", x.rows());
    Chain chain(x.rows(), weights, method);
    TG_TRY(chain.measure(x, run));
    TG_TRY(const SpanningTree merges, chain.merge_all(stage, run));
    tree = by_height(merges);
  }
  return linked(tree, weights);
}

Result<Linkage> linkage_of_distances(std::vector<double> distances, std::size_t n,
                                     LinkageMethod method, RunContext& run) {
  if (n < 2) return Linkage{};
  Stage stage(run, "agglomerative", n);
  Chain chain(std::move(distances), n, method);
  TG_TRY(const SpanningTree merges, chain.merge_all(stage, run));
  return linked(by_height(merges), {});
}

std::vector<std::int32_t> cut_linkage(const Linkage& linkage, std::size_t n_clusters) {
  const std::size_t n = linkage.height.size() + 1;
  const std::size_t n_merges = n - std::min(n, std::max<std::size_t>(1, n_clusters));
  // From the last merge made downwards, every node gets the label of what it became part of.
  std::vector<std::int32_t> label(n + n_merges, -1);
  std::int32_t next = 0;
  const auto label_of = [&](std::size_t node) {
    if (label[node] < 0) label[node] = next++;
    return label[node];
  };
  for (std::size_t i = n_merges; i-- > 0;) {
    const std::int32_t own = label_of(n + i);
    label[idx(linkage.left[i])] = own;
    label[idx(linkage.right[i])] = own;
  }
  for (std::size_t point = 0; point < n; ++point) label_of(point);
  label.resize(n);
  return label;
}

}  // namespace topograph
