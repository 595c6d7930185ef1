#include <algorithm>
#include <cmath>
#include <limits>

#include "evaluate/cluster_rows.hpp"
#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/evaluate/separation.hpp"

// Moulavi et al. 2014. Core distance of a point: (mean over the others of its cluster of
// (1 / distance)^d)^(-1/d). Sparseness of a cluster: the longest edge between inner nodes of the
// spanning tree of mutual reachability. Separation of two clusters: the least mutual reachability
// between inner nodes. Validity: (separation - sparseness) / max of the two.
namespace topograph {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double distance(MatrixView<const float> x, std::int32_t a, std::int32_t b) {
  return std::sqrt(
      kernels::active().squared_distance(x.row(idx(a)).data(), x.row(idx(b)).data(), x.cols()));
}

// Equal within rounding, with the peer's tolerances.
bool is_close(double a, double b) { return std::abs(a - b) <= 1e-8 + 1e-5 * std::abs(b); }

struct DenseCluster {
  std::vector<std::int32_t> inner = {};  ///< Rows with more than one edge of the tree.
  std::vector<double> inner_core = {};
  double sparseness = 0;
};

class ClusterTree {
 public:
  ClusterTree(MatrixView<const float> x, const std::vector<std::int32_t>& rows)
      : x_(x), rows_(rows), core_(rows.size(), 0.0) {}

  DenseCluster measure() {
    find_cores();
    span();
    std::vector<int> degree(rows_.size(), 0);
    for (const Edge& edge : edges_) {
      ++degree[edge.from];
      ++degree[edge.to];
    }
    DenseCluster out;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (degree[i] > 1) add_inner(i, out);
    }
    if (out.inner.empty()) add_inner(0, out);
    double longest_inner = -1;
    for (const Edge& edge : edges_) {
      out.sparseness = std::max(out.sparseness, edge.length);
      if (degree[edge.from] > 1 && degree[edge.to] > 1) {
        longest_inner = std::max(longest_inner, edge.length);
      }
    }
    if (longest_inner >= 0) out.sparseness = longest_inner;
    return out;
  }

 private:
  struct Edge {
    std::size_t from = 0;
    std::size_t to = 0;
    double length = 0;
  };

  void add_inner(std::size_t i, DenseCluster& out) const {
    out.inner.push_back(rows_[i]);
    out.inner_core.push_back(core_[i]);
  }

  // The sum of d-th powers is taken relative to its largest term, which cannot overflow.
  void find_cores() {
    const auto d = static_cast<double>(x_.cols());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      std::vector<double> logs;
      for (std::size_t j = 0; j < rows_.size(); ++j) {
        const double gap = distance(x_, rows_[i], rows_[j]);
        if (gap > 0) logs.push_back(-d * std::log(gap));
      }
      if (logs.empty()) continue;
      const double highest = *std::ranges::max_element(logs);
      double sum = 0;
      for (const double value : logs) sum += std::exp(value - highest);
      const double mean = highest + std::log(sum / static_cast<double>(rows_.size() - 1));
      core_[i] = std::exp(-mean / d);
    }
  }

  [[nodiscard]] double reach(std::size_t i, std::size_t j) const {
    return std::max({core_[i], core_[j], distance(x_, rows_[i], rows_[j])});
  }

  /// Prim's algorithm; of several points of the tree that are as near, the first is the parent.
  void span() {
    std::vector<double> least(rows_.size(), kInfinity);
    std::vector<char> is_inside(rows_.size(), 0);
    std::size_t added = 0;
    for (std::size_t n_inside = 1; n_inside < rows_.size(); ++n_inside) {
      is_inside[added] = 1;
      std::size_t next = rows_.size();
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (is_inside[i] != 0) continue;
        least[i] = std::min(least[i], reach(added, i));
        if (next == rows_.size() || least[i] < least[next]) next = i;
      }
      std::size_t parent = 0;
      while (is_inside[parent] == 0 || !is_close(reach(next, parent), least[next])) ++parent;
      edges_.push_back({parent, next, least[next]});
      added = next;
    }
  }

  MatrixView<const float> x_;
  const std::vector<std::int32_t>& rows_;
  std::vector<double> core_;
  std::vector<Edge> edges_ = {};
};

double separation(MatrixView<const float> x, const DenseCluster& a, const DenseCluster& b) {
  double least = kInfinity;
  for (std::size_t i = 0; i < a.inner.size(); ++i) {
    for (std::size_t j = 0; j < b.inner.size(); ++j) {
      const double floor = std::max(a.inner_core[i], b.inner_core[j]);
      if (floor >= least) continue;
      least = std::min(least, std::max(floor, distance(x, a.inner[i], b.inner[j])));
    }
  }
  return least;
}

}  // namespace

Result<DensityValidity> density_validity(MatrixView<const float> x,
                                         std::span<const std::int32_t> labels, RunContext& run) {
  TG_TRY(const auto clusters, detail::rows_of_clusters(x, labels, "density validity", run));
  const std::size_t k = clusters.size();
  std::vector<DenseCluster> dense(k);
  TG_TRY(parallel_blocks(run, k, 1, [&](const Block& block) {
    dense[block.begin] = ClusterTree(x, clusters[block.begin]).measure();
  }));
  std::vector<double> apart(k, kInfinity);
  TG_TRY(parallel_blocks(run, k, 1, [&](const Block& block) {
    for (std::size_t other = 0; other < k; ++other) {
      if (other == block.begin) continue;
      apart[block.begin] =
          std::min(apart[block.begin], separation(x, dense[block.begin], dense[other]));
    }
  }));
  DensityValidity out;
  for (std::size_t c = 0; c < k; ++c) {
    const double larger = std::max(apart[c], dense[c].sparseness);
    out.of_cluster.push_back(larger > 0 ? (apart[c] - dense[c].sparseness) / larger : 0);
    out.score += static_cast<double>(clusters[c].size()) / static_cast<double>(x.rows()) *
                 out.of_cluster.back();
  }
  return out;
}

}  // namespace topograph
