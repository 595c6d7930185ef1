#include "neighbors/group_rows.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {

void expand_groups(const EqualRows& groups, std::span<const Neighbor> nearest, std::size_t limit,
                   std::vector<Neighbor>& out) {
  out.clear();
  for (const Neighbor& group : nearest) {
    const auto members = groups.group(idx(group.id));
    for (const std::int32_t id : members.first(std::min(limit, members.size()))) {
      out.push_back({group.distance, id});
    }
  }
  std::sort(out.begin(), out.end());
  if (out.size() > limit) out.resize(limit);
}

void write_row(KnnGraph& graph, std::size_t row, std::span<const Neighbor> nearest,
               std::int32_t self) {
  std::size_t column = 0;
  for (std::size_t i = 0; column < graph.k(); ++i) {
    if (nearest[i].id == self) continue;
    graph.ids[row, column] = nearest[i].id;
    graph.distances[row, column] = nearest[i].distance;
    ++column;
  }
}

KnnGraph empty_graph(std::size_t rows, std::size_t k) {
  return {Matrix<std::int32_t>(rows, k), Matrix<float>(rows, k)};
}

Result<KnnGraph> rows_of_groups(const MetricRows& rows, const EqualRows& groups,
                                const NearestGroups& nearest, std::size_t k, RunContext& run) {
  KnnGraph graph = empty_graph(rows.size(), k);
  TG_TRY(parallel_blocks(run, groups.size(), 256, [&](const Block& block) {
    std::vector<float> scratch(rows.cols());
    std::vector<Neighbor> with_own;
    std::vector<Neighbor> members;
    for (std::size_t g = block.begin; g < block.end; ++g) {
      const auto others = nearest.row(g);
      with_own.assign(others.begin(), others.end());
      const std::size_t first = idx(groups.first[g]);
      const RowAtHand own{rows.row(first, scratch), rows.is_zero(first)};
      with_own.push_back(
          {metric_distance(rows.metric(), half_squared(rows.metric(), own, own, rows.cols())),
           narrow<std::int32_t>(g)});
      expand_groups(groups, with_own, k + 1, members);
      for (const std::int32_t row : groups.group(g)) write_row(graph, idx(row), members, row);
    }
  }));
  return graph;
}

}  // namespace topograph
