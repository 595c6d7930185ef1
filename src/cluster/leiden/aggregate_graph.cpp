#include "cluster/leiden/aggregate_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "cluster/leiden/member_lists.hpp"
#include "cluster/leiden/neighbor_sums.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kMembersPerBlock = 4096;

/// Rows made by one block, to be put behind those of the blocks before.
struct RowBlock {
  std::vector<std::int64_t> row_sizes = {};
  std::vector<std::int32_t> columns = {};
  std::vector<float> values = {};
};

Result<Csr<float>> concatenate(const std::vector<RowBlock>& blocks, std::size_t n_cols,
                               RunContext& run) {
  Csr<float> rows;
  rows.n_cols = n_cols;
  std::vector<std::size_t> begins{0};
  for (const RowBlock& block : blocks) {
    for (const std::int64_t size : block.row_sizes) {
      rows.offsets.push_back(rows.offsets.back() + size);
    }
    begins.push_back(begins.back() + block.columns.size());
  }
  rows.columns.resize(begins.back());
  rows.values.resize(begins.back());
  TG_TRY(parallel_blocks(run, blocks.size(), 1, [&](const Block& block) {
    const RowBlock& part = blocks[block.index];
    const auto begin = static_cast<std::ptrdiff_t>(begins[block.index]);
    std::ranges::copy(part.columns, rows.columns.begin() + begin);
    std::ranges::copy(part.values, rows.values.begin() + begin);
  }));
  return rows;
}

}  // namespace

Result<OwnGraph> aggregate_graph(const WeightedGraph& graph, std::span<const std::int32_t> labels,
                                 std::int32_t n_communities, RunContext& run) {
  const MemberLists lists = list_members(labels, n_communities);
  const std::vector<std::size_t> cuts = cut_evenly(lists, kMembersPerBlock);
  std::vector<RowBlock> blocks(cuts.size() - 1);
  std::vector<NeighborSums> sums(idx(run.threads()), NeighborSums(idx(n_communities)));
  OwnGraph whole;
  whole.vertex_weights.assign(idx(n_communities), 0.0);
  TG_TRY(parallel_blocks(run, blocks.size(), 1, [&](const Block& block) {
    RowBlock& out = blocks[block.index];
    NeighborSums& row = sums[block.worker];
    for (std::size_t c = cuts[block.index]; c < cuts[block.index + 1]; ++c) {
      row.clear();
      double weight = 0;
      for (const std::int32_t v : lists.of(c)) {
        weight += graph.vertex_weights[idx(v)];
        const auto columns = graph.edges.row_columns(idx(v));
        const auto values = graph.edges.row_values(idx(v));
        for (std::size_t e = 0; e < columns.size(); ++e) {
          const std::int32_t label = labels[idx(columns[e])];
          if (idx(label) != c) row.add(label, static_cast<double>(values[e]));
        }
      }
      whole.vertex_weights[c] = weight;
      out.row_sizes.push_back(narrow<std::int64_t>(row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) {
        out.columns.push_back(row.label(i));
        out.values.push_back(static_cast<float>(row.weight(i)));
      }
    }
  }));
  TG_TRY(whole.edges, concatenate(blocks, idx(n_communities), run));
  return whole;
}

Result<OwnGraph> cut_between(const WeightedGraph& graph, std::span<const std::int32_t> labels,
                             RunContext& run) {
  const std::size_t n = graph.n_vertices();
  std::vector<RowBlock> blocks(block_count(n, kMembersPerBlock));
  TG_TRY(parallel_blocks(run, n, kMembersPerBlock, [&](const Block& block) {
    RowBlock& out = blocks[block.index];
    for (std::size_t v = block.begin; v < block.end; ++v) {
      const auto columns = graph.edges.row_columns(v);
      const auto values = graph.edges.row_values(v);
      const std::size_t before = out.columns.size();
      for (std::size_t e = 0; e < columns.size(); ++e) {
        if (labels[idx(columns[e])] != labels[v]) continue;
        out.columns.push_back(columns[e]);
        out.values.push_back(values[e]);
      }
      out.row_sizes.push_back(narrow<std::int64_t>(out.columns.size() - before));
    }
  }));
  OwnGraph cut;
  cut.vertex_weights.assign(graph.vertex_weights.begin(), graph.vertex_weights.end());
  TG_TRY(cut.edges, concatenate(blocks, n, run));
  return cut;
}

}  // namespace topograph::detail
