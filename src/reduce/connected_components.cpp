#include "reduce/connected_components.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Components connected_components(CsrView<float> graph) {
  Components found;
  found.of_vertex.assign(graph.rows(), -1);
  for (std::size_t seed = 0; seed < graph.rows(); ++seed) {
    if (found.of_vertex[seed] >= 0) continue;
    const auto label = narrow<std::int32_t>(found.members.size());
    std::vector<std::int32_t> queue{narrow<std::int32_t>(seed)};
    found.of_vertex[seed] = label;
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const std::int32_t other : graph.row_columns(idx(queue[next]))) {
        if (found.of_vertex[idx(other)] >= 0) continue;
        found.of_vertex[idx(other)] = label;
        queue.push_back(other);
      }
    }
    std::sort(queue.begin(), queue.end());
    found.members.push_back(std::move(queue));
  }
  return found;
}

Csr<float> component_graph(CsrView<float> graph, const std::vector<std::int32_t>& members) {
  Csr<float> part;
  part.n_cols = members.size();
  for (const std::int32_t vertex : members) {
    for (std::size_t e = graph.begin(idx(vertex)); e < graph.end(idx(vertex)); ++e) {
      const auto at = std::lower_bound(members.begin(), members.end(), graph.columns[e]);
      part.columns.push_back(narrow<std::int32_t>(at - members.begin()));
      part.values.push_back(graph.values[e]);
    }
    part.offsets.push_back(narrow<std::int64_t>(part.columns.size()));
  }
  return part;
}

}  // namespace topograph::detail
