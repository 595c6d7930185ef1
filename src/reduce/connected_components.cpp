#include "reduce/connected_components.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t vertices_between_looks = 8192;  // at the wish to stop

/// The vertices that `seed` reaches, which get the label, in the order of the search.
Result<std::vector<std::int32_t>> reached_from(std::size_t seed, std::int32_t label,
                                               CsrView<float> graph,
                                               std::vector<std::int32_t>& label_of,
                                               RunContext& run) {
  std::vector<std::int32_t> queue{narrow<std::int32_t>(seed)};
  label_of[seed] = label;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    if (next % vertices_between_looks == 0 && run.stop_requested()) return cancelled();
    for (const std::int32_t other : graph.row_columns(idx(queue[next]))) {
      if (label_of[idx(other)] >= 0) continue;
      label_of[idx(other)] = label;
      queue.push_back(other);
    }
  }
  return queue;
}

}  // namespace

Result<Components> connected_components(CsrView<float> graph, RunContext& run) {
  Components found;
  found.of_vertex.assign(graph.rows(), -1);
  found.place.resize(graph.rows());
  for (std::size_t seed = 0; seed < graph.rows(); ++seed) {
    if (found.of_vertex[seed] >= 0) continue;
    const auto label = narrow<std::int32_t>(found.members.size());
    TG_TRY(const auto members, reached_from(seed, label, graph, found.of_vertex, run));
    found.members.emplace_back();
    found.members.back().reserve(members.size());
  }
  for (std::size_t v = 0; v < graph.rows(); ++v) {
    std::vector<std::int32_t>& members = found.members[idx(found.of_vertex[v])];
    found.place[v] = narrow<std::int32_t>(members.size());
    members.push_back(narrow<std::int32_t>(v));
  }
  return found;
}

}  // namespace topograph::detail
