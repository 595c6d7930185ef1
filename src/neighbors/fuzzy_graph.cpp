#include "topograph/neighbors/fuzzy_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t row_grain = 512;

Result<void> check_ids(const KnnGraph& knn, RunContext& run) {
  TG_EXPECTS(knn.ids.rows() == knn.distances.rows() && knn.ids.cols() == knn.distances.cols());
  return parallel_blocks(run, knn.rows(), row_grain, [&](const Block& block) -> Result<void> {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (const std::int32_t id : knn.ids.row(i)) {
        if (id >= 0 && idx(id) < knn.rows()) continue;
        return input_error(ErrorCode::invalid_argument, fmt::format("knn row {}", i),
                           fmt::format("expected ids from 0 to {}, found {}", knn.rows() - 1, id));
      }
    }
    return {};
  });
}

/// Offsets from row sizes stored at [row + 1].
void accumulate_sizes(std::vector<std::int64_t>& offsets) {
  for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
}

/// The directed graph as sparse rows with ascending columns, without zeros.
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
Csr<float> transpose(const CsrView<float>& graph) {
  Csr<float> turned;
  turned.n_cols = graph.rows();
  turned.offsets.assign(graph.cols() + 1, 0);
  for (const std::int32_t column : graph.columns) ++turned.offsets[idx(column) + 1];
  accumulate_sizes(turned.offsets);
  turned.columns.resize(graph.nnz());
  turned.values.resize(graph.nnz());
  std::vector<std::int64_t> next(turned.offsets.begin(), turned.offsets.end() - 1);
  for (std::size_t i = 0; i < graph.rows(); ++i) {
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

/// Calls take(column, a, b) for every column of either sparse row, 0 where one lacks it.
template <class Take>
void merge_rows(const CsrView<float>& a, const CsrView<float>& b, std::size_t row,
                const Take& take) {
  const auto a_columns = a.row_columns(row);
  const auto b_columns = b.row_columns(row);
  const auto a_values = a.row_values(row);
  const auto b_values = b.row_values(row);
  constexpr std::int32_t end = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0, j = 0; i < a_columns.size() || j < b_columns.size();) {
    const std::int32_t a_column = i < a_columns.size() ? a_columns[i] : end;
    const std::int32_t b_column = j < b_columns.size() ? b_columns[j] : end;
    const float a_value = a_column <= b_column ? a_values[i++] : 0.0F;
    const float b_value = b_column <= a_column ? b_values[j++] : 0.0F;
    take(std::min(a_column, b_column), a_value, b_value);
  }
}

/// mix (a + b - ab) + (1 - mix) ab for every pair of opposite edges, zeros dropped.
Result<Csr<float>> mixed_union(const CsrView<float>& graph, float mix, RunContext& run) {
  const Csr<float> turned = transpose(graph);
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

KnnGraph without_far_edges(const KnnGraph& knn, float disconnection_distance) {
  KnnGraph near = knn;
  for (std::size_t i = 0; i < near.rows(); ++i) {
    for (float& distance : near.distances.row(i)) {
      if (distance >= disconnection_distance) distance = std::numeric_limits<float>::infinity();
    }
  }
  return near;
}

}  // namespace

Result<Matrix<float>> membership_strengths(const KnnGraph& knn, const SmoothKnn& scales,
                                           RunContext& run) {
  TG_EXPECTS(scales.rhos.size() == knn.rows() && scales.sigmas.size() == knn.rows());
  Matrix<float> weights(knn.rows(), knn.k());
  TG_TRY(parallel_blocks(run, knn.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (std::size_t j = 0; j < knn.k(); ++j) {
        const float distance = knn.distances[i, j];
        if (!std::isfinite(distance) || knn.ids[i, j] == narrow<std::int32_t>(i)) continue;
        const float beyond = distance - scales.rhos[i];
        const bool is_full = beyond <= 0 || scales.sigmas[i] == 0;
        weights[i, j] = is_full ? 1.0F : std::exp(-(beyond / scales.sigmas[i]));
      }
    }
  }));
  return weights;
}

Result<FuzzyGraph> fuzzy_graph(const KnnGraph& knn, const FuzzyGraphOptions& options,
                               RunContext& run) {
  if (!(options.set_op_mix_ratio >= 0 && options.set_op_mix_ratio <= 1)) {
    return option_error("set_op_mix_ratio", fmt::format("expected a number from 0 to 1, found {}",
                                                        options.set_op_mix_ratio));
  }
  if (std::isfinite(options.disconnection_distance)) {
    FuzzyGraphOptions connected = options;
    connected.disconnection_distance = std::numeric_limits<float>::infinity();
    return fuzzy_graph(without_far_edges(knn, options.disconnection_distance), connected, run);
  }
  TG_TRY(check_ids(knn, run));
  TG_TRY(const SmoothKnn scales, smooth_knn(knn, options.local_connectivity, run));
  TG_TRY(const Matrix<float> weights, membership_strengths(knn, scales, run));
  TG_TRY(const Csr<float> directed, directed_edges(knn, weights, run));
  TG_TRY(Csr<float> edges, mixed_union(directed.view(), options.set_op_mix_ratio, run));
  return FuzzyGraph{std::move(edges)};
}

}  // namespace topograph
