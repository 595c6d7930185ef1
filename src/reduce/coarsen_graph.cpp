#include "reduce/coarsen_graph.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t grain = 1024;
constexpr std::size_t vertices_between_looks = 8192;  // at the wish to stop
constexpr std::int32_t largest_group = 8;

Result<std::vector<float>> inverse_root_degrees(CsrView<float> graph, RunContext& run) {
  std::vector<float> roots(graph.rows());
  TG_TRY(parallel_blocks(run, graph.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      double degree = 0;
      for (const float w : graph.row_values(r)) degree += static_cast<double>(w);
      roots[r] = degree > 0 ? static_cast<float>(1.0 / std::sqrt(degree)) : 0.0F;
    }
  }));
  return roots;
}

/// Grows groups one vertex after the other.
class Grouping {
 public:
  Grouping(CsrView<float> graph, std::vector<float> inverse_roots)
      : graph_(graph), inverse_roots_(std::move(inverse_roots)), group_of_(graph.rows(), -1) {}

  void place(std::size_t vertex) {
    if (group_of_[vertex] >= 0) return;
    const std::int64_t partner = closest_with_room(vertex);
    if (partner >= 0 && group_of_[idx(partner)] >= 0) {
      join(vertex, group_of_[idx(partner)]);
      return;
    }
    sizes_.push_back(0);
    const auto group = narrow<std::int32_t>(sizes_.size() - 1);
    join(vertex, group);
    if (partner >= 0) join(idx(partner), group);
  }

  [[nodiscard]] std::size_t n_groups() const { return sizes_.size(); }
  [[nodiscard]] std::vector<std::int32_t> take() && { return std::move(group_of_); }

 private:
  [[nodiscard]] std::int64_t closest_with_room(std::size_t vertex) const {
    std::int64_t best = -1;
    float most = 0;
    for (std::size_t e = graph_.begin(vertex); e < graph_.end(vertex); ++e) {
      const std::size_t other = idx(graph_.columns[e]);
      const float closeness = graph_.values[e] * inverse_roots_[other];
      if (other == vertex || closeness <= most) continue;
      if (group_of_[other] >= 0 && sizes_[idx(group_of_[other])] >= largest_group) continue;
      best = narrow<std::int64_t>(other);
      most = closeness;
    }
    return best;
  }
  void join(std::size_t vertex, std::int32_t group) {
    group_of_[vertex] = group;
    ++sizes_[idx(group)];
  }

  CsrView<float> graph_;
  std::vector<float> inverse_roots_;
  std::vector<std::int32_t> group_of_;
  std::vector<std::int32_t> sizes_ = {};
};

/// One thread's sums for one group.
struct RowSums {
  std::vector<double> of_group = {};
  std::vector<std::int32_t> touched = {};
};

/// Rows of the coarse graph [block.begin, block.end).
void sum_groups(CsrView<float> graph, std::span<const std::int32_t> group_of,
                std::span<const std::int32_t> order, std::span<const std::int64_t> first,
                const Block& block, RowSums& sums, Csr<float>& out) {
  for (std::size_t g = block.begin; g < block.end; ++g) {
    for (std::size_t i = idx(first[g]); i < idx(first[g + 1]); ++i) {
      const std::size_t vertex = idx(order[i]);
      for (std::size_t e = graph.begin(vertex); e < graph.end(vertex); ++e) {
        const std::int32_t other = group_of[idx(graph.columns[e])];
        if (sums.of_group[idx(other)] == 0) sums.touched.push_back(other);
        sums.of_group[idx(other)] += static_cast<double>(graph.values[e]);
      }
    }
    std::ranges::sort(sums.touched);
    for (const std::int32_t other : sums.touched) {
      out.columns.push_back(other);
      out.values.push_back(static_cast<float>(std::exchange(sums.of_group[idx(other)], 0.0)));
    }
    sums.touched.clear();
    out.offsets.push_back(narrow<std::int64_t>(out.columns.size()));
  }
}

/// Begin of every group in the order by groups; one more entry than groups.
std::vector<std::int64_t> group_starts(std::span<const std::int32_t> group_of,
                                       std::size_t n_groups) {
  std::vector<std::int64_t> first(n_groups + 1, 0);
  for (const std::int32_t group : group_of) ++first[idx(group) + 1];
  for (std::size_t g = 0; g < n_groups; ++g) first[g + 1] += first[g];
  return first;
}

Result<Csr<float>> group_graph(CsrView<float> graph, std::span<const std::int32_t> group_of,
                               std::size_t n_groups, RunContext& run) {
  std::vector<std::int32_t> by_number(n_groups);
  for (std::size_t g = 0; g < n_groups; ++g) by_number[g] = narrow<std::int32_t>(g);
  const std::vector<std::int32_t> order = order_by_group(group_of, by_number);
  const std::vector<std::int64_t> first = group_starts(group_of, n_groups);
  std::vector<Csr<float>> parts(block_count(n_groups, grain));
  std::vector<RowSums> scratch(idx(run.threads()));
  TG_TRY(parallel_blocks(run, n_groups, grain, [&](const Block& block) {
    RowSums& sums = scratch[block.worker];
    sums.of_group.resize(n_groups, 0.0);
    sum_groups(graph, group_of, order, first, block, sums, parts[block.index]);
  }));
  Csr<float> joined;
  joined.n_cols = n_groups;
  for (Csr<float>& part : parts) {
    const std::int64_t base = joined.offsets.back();
    for (std::size_t r = 0; r < part.rows(); ++r) {
      joined.offsets.push_back(base + part.offsets[r + 1]);
    }
    joined.columns.insert(joined.columns.end(), part.columns.begin(), part.columns.end());
    joined.values.insert(joined.values.end(), part.values.begin(), part.values.end());
    part = {};
  }
  return joined;
}

}  // namespace

Result<CoarseGraph> coarsen_graph(CsrView<float> graph, RunContext& run) {
  TG_TRY(auto inverse_roots, inverse_root_degrees(graph, run));
  Grouping grouping(graph, std::move(inverse_roots));
  for (std::size_t v = 0; v < graph.rows(); ++v) {
    if (v % vertices_between_looks == 0 && run.stop_requested()) return cancelled();
    grouping.place(v);
  }
  const std::size_t n_groups = grouping.n_groups();
  CoarseGraph coarse;
  coarse.group_of = std::move(grouping).take();
  TG_TRY(coarse.graph, group_graph(graph, coarse.group_of, n_groups, run));
  return coarse;
}

std::vector<std::int32_t> order_by_group(std::span<const std::int32_t> group_of,
                                         std::span<const std::int32_t> group_order) {
  const std::vector<std::int64_t> size_starts = group_starts(group_of, group_order.size());
  std::vector<std::int64_t> next(group_order.size());
  std::int64_t begin = 0;
  for (const std::int32_t group : group_order) {
    next[idx(group)] = begin;
    begin += size_starts[idx(group) + 1] - size_starts[idx(group)];
  }
  std::vector<std::int32_t> order(group_of.size());
  for (std::size_t v = 0; v < group_of.size(); ++v) {
    order[idx(next[idx(group_of[v])]++)] = narrow<std::int32_t>(v);
  }
  return order;
}

std::vector<std::int32_t> places_in(std::span<const std::int32_t> order) {
  std::vector<std::int32_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[idx(order[i])] = narrow<std::int32_t>(i);
  return place;
}

}  // namespace topograph::detail
