#include "neighbors/fuzzy_edges.hpp"

#include <algorithm>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 512;
constexpr std::size_t rows_between_looks = 65536;

}  // namespace

void accumulate_sizes(std::vector<std::int64_t>& offsets) {
  for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
}

Result<Csr<float>> directed_edges(const KnnGraph& knn, const Matrix<float>& weights,
                                  RunContext& run) {
  const std::size_t n = knn.rows();
  Csr<float> graph;
  graph.n_cols = n;
  graph.offsets.assign(n + 1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = weights.row(i);
    graph.offsets[i + 1] = std::count_if(row.begin(), row.end(), [](float w) { return w != 0; });
  }
  accumulate_sizes(graph.offsets);
  graph.columns.resize(idx(graph.offsets.back()));
  graph.values.resize(graph.columns.size());
  TG_TRY(parallel_blocks(run, n, row_grain, [&](const Block& block) {
    std::vector<std::pair<std::int32_t, float>> row;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      row.clear();
      for (std::size_t j = 0; j < knn.k(); ++j) {
        if (weights[i, j] != 0) row.emplace_back(knn.ids[i, j], weights[i, j]);
      }
      std::sort(row.begin(), row.end());
      std::size_t at = idx(graph.offsets[i]);
      for (const auto& [column, weight] : row) {
        graph.columns[at] = column;
        graph.values[at] = weight;
        ++at;
      }
    }
  }));
  return graph;
}

/// Counting sort by column: rows of the result are ascending because the input is walked by rows.
Result<Csr<float>> reversed_edges(const CsrView<float>& graph, RunContext& run) {
  Csr<float> turned;
  turned.n_cols = graph.rows();
  turned.offsets.assign(graph.cols() + 1, 0);
  for (const std::int32_t column : graph.columns) ++turned.offsets[idx(column) + 1];
  accumulate_sizes(turned.offsets);
  turned.columns.resize(graph.nnz());
  turned.values.resize(graph.nnz());
  std::vector<std::int64_t> next(turned.offsets.begin(), turned.offsets.end() - 1);
  for (std::size_t i = 0; i < graph.rows(); ++i) {
    if (i % rows_between_looks == 0 && run.stop_requested()) return cancelled();
    const auto columns = graph.row_columns(i);
    const auto values = graph.row_values(i);
    for (std::size_t e = 0; e < columns.size(); ++e) {
      const std::size_t at = idx(next[idx(columns[e])]++);
      turned.columns[at] = narrow<std::int32_t>(i);
      turned.values[at] = values[e];
    }
  }
  return turned;
}

Result<Csr<float>> mixed_union(const CsrView<float>& graph, float mix, RunContext& run) {
  TG_TRY(const Csr<float> turned, reversed_edges(graph, run));
  const auto weight = [mix](float a, float b) {
    const float product = a * b;
    return mix * (a + b - product) + (1.0F - mix) * product;
  };
  Csr<float> merged;
  merged.n_cols = graph.cols();
  merged.offsets.assign(graph.rows() + 1, 0);
  TG_TRY(parallel_blocks(run, graph.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      merge_rows(graph, turned.view(), i, [&](std::int32_t, float a, float b) {
        merged.offsets[i + 1] += weight(a, b) != 0 ? 1 : 0;
      });
    }
  }));
  accumulate_sizes(merged.offsets);
  merged.columns.resize(idx(merged.offsets.back()));
  merged.values.resize(merged.columns.size());
  TG_TRY(parallel_blocks(run, graph.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      std::size_t at = idx(merged.offsets[i]);
      merge_rows(graph, turned.view(), i, [&](std::int32_t column, float a, float b) {
        const float value = weight(a, b);
        if (value == 0) return;
        merged.columns[at] = column;
        merged.values[at] = value;
        ++at;
      });
    }
  }));
  return merged;
}

}  // namespace topograph
