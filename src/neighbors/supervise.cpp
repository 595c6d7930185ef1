#include "topograph/neighbors/supervise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "neighbors/fuzzy_edges.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"

// Equations. Labels: w_ij <- w_ij exp(-d(y_i, y_j)), d = 0 for equal labels, 1 where one is
// unknown, 2.5 / (1 - weight) otherwise. Values: w_ij <- l_ij^a r_ij^b with the graph of the data l
// and that of the targets r. Both end with w_ij <- w_ij / max_k w_ik and the union with the
// transpose, so that every row keeps a neighbour it is sure of.

namespace topograph {
namespace {

constexpr std::size_t row_grain = 512;
constexpr double unknown_distance = 1.0;        // umap-learn: unknown_dist
constexpr double far_distance = 2.5;            // umap-learn: far_dist at weight 0
constexpr double smallest_default = 1e-8;       // umap-learn: floor of an absent edge
constexpr double largest_right_default = 1e-4;  // umap-learn: cap of an absent target edge

Result<void> check_rows(std::size_t found, std::size_t expected) {
  if (found == expected) return {};
  return input_error(ErrorCode::invalid_argument, "targets",
                     fmt::format("expected {}, one for each row, found {}", expected, found));
}

Result<FuzzyGraph> reset_connectivity(Csr<float> edges, RunContext& run) {
  TG_TRY(parallel_blocks(run, edges.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto row =
          std::span(edges.values)
              .subspan(idx(edges.offsets[i]), idx(edges.offsets[i + 1] - edges.offsets[i]));
      if (row.empty()) continue;
      const float largest = *std::ranges::max_element(row);
      if (largest <= 0) continue;
      for (float& weight : row) weight /= largest;
    }
  }));
  TG_TRY(auto merged, mixed_union(edges.view(), 1.0F, run));
  return FuzzyGraph{std::move(merged)};
}

/// The value of an edge that a graph lacks: half of its smallest weight.
double absent_weight(const CsrView<float>& graph) {
  if (graph.values.empty()) return smallest_default;
  const auto smallest = static_cast<double>(*std::ranges::min_element(graph.values));
  return std::max(smallest / 2.0, smallest_default);
}

/// How the weights of an edge in both graphs become one.
struct Intersection {
  double left_absent = 0;
  double right_absent = 0;
  double weight = 0.5;

  [[nodiscard]] float operator()(float in_left, float in_right) const {
    const double left = in_left != 0 ? static_cast<double>(in_left) : left_absent;
    const double right = in_right != 0 ? static_cast<double>(in_right) : right_absent;
    if (left <= left_absent && right <= right_absent) return in_left + in_right;
    const double both = weight < 0.5 ? left * std::pow(right, weight / (1.0 - weight))
                                     : std::pow(left, (1.0 - weight) / weight) * right;
    return static_cast<float>(both);
  }
};

Result<Csr<float>> intersect(const CsrView<float>& left, const CsrView<float>& right, double weight,
                             RunContext& run) {
  const Intersection intersection{absent_weight(left),
                                  std::min(absent_weight(right), largest_right_default), weight};
  Csr<float> both;
  both.n_cols = left.cols();
  both.offsets.assign(left.rows() + 1, 0);
  TG_TRY(parallel_blocks(run, left.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      merge_rows(left, right, i, [&](std::int32_t, float a, float b) {
        both.offsets[i + 1] += intersection(a, b) != 0 ? 1 : 0;
      });
    }
  }));
  accumulate_sizes(both.offsets);
  both.columns.resize(idx(both.offsets.back()));
  both.values.resize(both.columns.size());
  TG_TRY(parallel_blocks(run, left.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      std::size_t at = idx(both.offsets[i]);
      merge_rows(left, right, i, [&](std::int32_t column, float a, float b) {
        const float value = intersection(a, b);
        if (value == 0) return;
        both.columns[at] = column;
        both.values[at] = value;
        ++at;
      });
    }
  }));
  return both;
}

}  // namespace

Result<FuzzyGraph> supervise_by_labels(const FuzzyGraph& graph,
                                       std::span<const std::int32_t> labels,
                                       const TargetOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_rows(labels.size(), graph.rows()));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= kUnknownLabel) continue;
    return input_error(ErrorCode::invalid_argument, fmt::format("row {}", i),
                       fmt::format("expected a label of at least -1, found {}", labels[i]));
  }
  const auto weight = static_cast<double>(options.weight);
  const double far = weight < 1 ? std::exp(-far_distance / (1.0 - weight)) : 0.0;
  const double unknown = std::exp(-unknown_distance);
  const CsrView<float> edges = graph.edges.view();
  Csr<float> weaker;
  weaker.n_cols = edges.cols();
  weaker.columns.reserve(edges.nnz());
  weaker.values.reserve(edges.nnz());
  for (std::size_t i = 0; i < edges.rows(); ++i) {
    if (i % row_grain == 0 && run.stop_requested()) return cancelled();
    for (std::size_t e = edges.begin(i); e < edges.end(i); ++e) {
      const std::int32_t mine = labels[i];
      const std::int32_t other = labels[idx(edges.columns[e])];
      double factor = mine == other ? 1.0 : far;
      if (mine == kUnknownLabel || other == kUnknownLabel) factor = unknown;
      const auto value = static_cast<float>(static_cast<double>(edges.values[e]) * factor);
      if (value == 0) continue;
      weaker.columns.push_back(edges.columns[e]);
      weaker.values.push_back(value);
    }
    weaker.offsets.push_back(narrow<std::int64_t>(weaker.columns.size()));
  }
  return reset_connectivity(std::move(weaker), run);
}

Result<FuzzyGraph> supervise_by_values(const FuzzyGraph& graph, MatrixView<const float> targets,
                                       int n_neighbors, const TargetOptions& options,
                                       RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_rows(targets.rows(), graph.rows()));
  const int wanted = options.n_neighbors.value_or(n_neighbors);
  if (wanted < 2) {
    return option_error("n_neighbors", fmt::format("expected at least 2, found {}", wanted));
  }
  if (targets.rows() < 2) {
    return input_error(ErrorCode::invalid_argument, "targets",
                       fmt::format("expected at least 2 rows, found {}", targets.rows()));
  }
  const std::size_t k = std::min(idx(wanted - 1), targets.rows() - 1);
  TG_TRY(const KnnGraph knn, exact_knn(targets, k, Metric::euclidean, run));
  TG_TRY(const SmoothKnn scales, smooth_knn(knn, 1.0F, run));
  TG_TRY(const Matrix<float> strengths, membership_strengths(knn, scales, run));
  TG_TRY(const Csr<float> right, directed_edges(knn, strengths, run));
  TG_TRY(auto both,
         intersect(graph.edges.view(), right.view(), static_cast<double>(options.weight), run));
  return reset_connectivity(std::move(both), run);
}

}  // namespace topograph
