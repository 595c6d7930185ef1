#include "reduce/renumbered_graph.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t grain = 1024;

}  // namespace

Result<Csr<float>> renumbered_graph(CsrView<float> graph, std::span<const std::int32_t> members,
                                    std::span<const std::int32_t> place, RunContext& run) {
  const std::size_t n = members.size();
  Csr<float> out;
  out.n_cols = n;
  out.offsets.assign(n + 1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t vertex = idx(members[i]);
    out.offsets[i + 1] =
        out.offsets[i] + narrow<std::int64_t>(graph.end(vertex) - graph.begin(vertex));
  }
  out.columns.resize(idx(out.offsets.back()));
  out.values.resize(out.columns.size());
  TG_TRY(parallel_blocks(run, n, grain, [&](const Block& block) {
    std::vector<std::pair<std::int32_t, float>> row;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t vertex = idx(members[i]);
      row.clear();
      for (std::size_t e = graph.begin(vertex); e < graph.end(vertex); ++e) {
        row.emplace_back(place[idx(graph.columns[e])], graph.values[e]);
      }
      std::ranges::sort(row, {}, &std::pair<std::int32_t, float>::first);
      std::size_t at = idx(out.offsets[i]);
      for (const auto& [column, value] : row) {
        out.columns[at] = column;
        out.values[at++] = value;
      }
    }
  }));
  return out;
}

}  // namespace topograph::detail
