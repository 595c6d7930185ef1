#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "reduce/fold_rows.hpp"
#include "reduce/layout.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/supervise.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

Result<void> check_targets(const UmapTargets& targets, std::size_t n_rows) {
  if (!targets.labels.empty() && !targets.values.empty()) {
    return input_error(ErrorCode::invalid_argument, "targets",
                       "expected labels or values, found both");
  }
  const std::size_t found = std::max(targets.labels.size(), targets.values.rows());
  if (found == 0 || found == n_rows) return {};
  return input_error(
      ErrorCode::invalid_argument, "targets",
      "expected " + std::to_string(n_rows) + ", one for each row, found " + std::to_string(found));
}

Result<FuzzyGraph> supervise(FuzzyGraph graph, const UmapTargets& targets,
                             const UmapOptions& options, RunContext& run) {
  if (!targets.labels.empty())
    return supervise_by_labels(graph, targets.labels, options.target, run);
  if (!targets.values.empty()) {
    return supervise_by_values(graph, targets.values, options.n_neighbors, options.target, run);
  }
  return graph;
}

std::size_t count_isolated(const FuzzyGraph& graph) {
  const CsrView<float> edges = graph.edges.view();
  std::size_t count = 0;
  for (std::size_t r = 0; r < edges.rows(); ++r) {
    if (edges.begin(r) == edges.end(r)) ++count;
  }
  return count;
}

/// Neighbours that each of n > 1 rows needs.
std::size_t neighbors_needed(const UmapOptions& options, std::size_t n_rows) {
  return std::min(idx(options.n_neighbors) - 1, n_rows - 1);
}

KnnGraph nearest_columns(const KnnGraph& knn, std::size_t k) {
  KnnGraph nearest{Matrix<std::int32_t>(knn.rows(), k), Matrix<float>(knn.rows(), k)};
  for (std::size_t r = 0; r < knn.rows(); ++r) {
    std::ranges::copy(knn.ids.row(r).first(k), nearest.ids.row(r).begin());
    std::ranges::copy(knn.distances.row(r).first(k), nearest.distances.row(r).begin());
  }
  return nearest;
}

/// The supervised fuzzy graph of neighbours, k as needed.
Result<FuzzyGraph> graph_of_neighbors(const KnnGraph& knn, const UmapTargets& targets,
                                      const UmapOptions& options,
                                      std::vector<std::string>& warnings, RunContext& run) {
  if (idx(options.n_neighbors) > knn.rows()) {
    warnings.push_back("n_neighbors lowered from " + std::to_string(options.n_neighbors) + " to " +
                       std::to_string(knn.rows()) + ", the number of rows");
  }
  TG_TRY(auto graph, fuzzy_graph(knn,
                                 {.set_op_mix_ratio = options.set_op_mix_ratio,
                                  .local_connectivity = options.local_connectivity,
                                  .disconnection_distance = disconnection_distance(
                                      options.metric, options.disconnection_distance)},
                                 run));
  TG_TRY(graph, supervise(std::move(graph), targets, options, run));
  if (const std::size_t n_isolated = count_isolated(graph); n_isolated > 0) {
    warnings.push_back(std::to_string(n_isolated) + " of " + std::to_string(knn.rows()) +
                       " rows have no neighbor and stay where they start");
  }
  return graph;
}

/// The layout of x from what is known of its points; rows are as they come, each a point.
Result<UmapResult> lay_out_points(const UmapInput& input, const UmapOptions& options,
                                  RunContext& run) {
  std::vector<std::string> warnings;
  FuzzyGraph graph;
  std::optional<NeighborReport> search;
  if (input.neighbors != nullptr) {
    const std::size_t k = neighbors_needed(options, input.neighbors->rows());
    const bool is_wider = input.neighbors->k() > k;
    TG_TRY(graph,
           graph_of_neighbors(is_wider ? nearest_columns(*input.neighbors, k) : *input.neighbors,
                              input.targets, options, warnings, run));
  } else if (input.x.rows() < 2) {
    graph.edges.offsets.resize(input.x.rows() + 1, 0);
    graph.edges.n_cols = input.x.rows();
  } else {
    TG_TRY(const FoundNeighbors found,
           find_neighbors(input.x, neighbors_needed(options, input.x.rows()), options.metric,
                          input.search, run));
    search = found.report;
    TG_TRY(graph, graph_of_neighbors(found.graph, input.targets, options, warnings, run));
  }
  for (const std::string& warning : warnings) run.warn("umap: " + warning);
  TG_TRY(
      auto result,
      detail::lay_out({.graph = graph, .x = input.x, .start = input.start, .copies = input.copies},
                      options, run));
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  result.search = search;
  return result;
}

std::vector<float> spread_out(const detail::RowFold& fold, const std::vector<float>& points) {
  std::vector<float> rows;
  if (points.empty()) return rows;
  for (const std::int32_t point : fold.point_of_row) rows.push_back(points[idx(point)]);
  return rows;
}

/// Equal rows as one point, whose place they all get.
Result<UmapResult> lay_out_folded(const UmapInput& input, const UmapOptions& options,
                                  RunContext& run) {
  TG_TRY(const detail::FoldedInput points, detail::folded_input(input, run));
  UmapInput rest = points.rest();
  rest.x = points.x.view();
  rest.search = input.search;
  TG_TRY(auto result, lay_out_points(rest, options, run));
  result.coords = detail::unfolded(points.fold, result.coords.view());
  result.log_radii = spread_out(points.fold, result.log_radii);
  result.layout_log_radii = spread_out(points.fold, result.layout_log_radii);
  return result;
}

Result<void> check_neighbors(const KnnGraph& neighbors, const UmapOptions& options) {
  if (options.unique) {
    return input_error(ErrorCode::invalid_argument, "unique",
                       "expected rows to search, as ready neighbours do not tell equal rows, found "
                       "neighbours",
                       "fold equal rows before the search and give their number as copies");
  }
  if (neighbors.rows() < 2) {
    return input_error(ErrorCode::invalid_argument, "neighbors",
                       "expected at least 2 rows, found " + std::to_string(neighbors.rows()));
  }
  const std::size_t k = neighbors_needed(options, neighbors.rows());
  if (neighbors.k() >= k) return {};
  return input_error(ErrorCode::invalid_argument, "neighbors",
                     "expected at least " + std::to_string(k) +
                         " of each row (n_neighbors without the row itself), found " +
                         std::to_string(neighbors.k()),
                     "find more neighbours or lower n_neighbors");
}

Result<void> check_copies(std::span<const std::int32_t> copies, std::size_t n_rows) {
  if (copies.empty()) return {};
  if (copies.size() != n_rows) {
    return input_error(ErrorCode::invalid_argument, "copies",
                       "expected " + std::to_string(n_rows) + ", one for each row, found " +
                           std::to_string(copies.size()));
  }
  std::int64_t total = 0;
  for (std::size_t r = 0; r < n_rows; ++r) {
    total += copies[r];
    if (copies[r] >= 1 && total <= std::numeric_limits<std::int32_t>::max()) continue;
    return input_error(
        ErrorCode::invalid_argument, "copies of row " + std::to_string(r),
        "expected at least 1, and at most 2^31 - 1 in all, found " + std::to_string(copies[r]));
  }
  return {};
}

Result<void> check_start_rows(MatrixView<const float> start, std::size_t n_rows) {
  if (start.empty() || start.rows() == n_rows) return {};
  return input_error(
      ErrorCode::invalid_argument, "start",
      "expected " + std::to_string(n_rows) + " positions, found " + std::to_string(start.rows()));
}

}  // namespace

Result<UmapResult> umap(const UmapInput& input, const UmapOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(validate_options(input.search, "neighbors"));
  if (input.neighbors != nullptr) {
    TG_TRY(check_neighbors(*input.neighbors, options));
  }
  const std::size_t n_rows = input.neighbors != nullptr ? input.neighbors->rows() : input.x.rows();
  TG_TRY(check_targets(input.targets, n_rows));
  TG_TRY(check_copies(input.copies, n_rows));
  TG_TRY(check_start_rows(input.start, n_rows));
  return options.unique ? lay_out_folded(input, options, run) : lay_out_points(input, options, run);
}

Result<UmapResult> umap(MatrixView<const float> x, const UmapOptions& options, RunContext& run) {
  return umap(UmapInput{.x = x}, options, run);
}

Result<UmapResult> umap(MatrixView<const float> x, const UmapTargets& targets,
                        const UmapOptions& options, RunContext& run) {
  return umap(UmapInput{.x = x, .targets = targets}, options, run);
}

Result<UmapResult> umap(const KnnGraph& neighbors, MatrixView<const float> x,
                        const UmapTargets& targets, const UmapOptions& options, RunContext& run) {
  return umap(UmapInput{.x = x, .neighbors = &neighbors, .targets = targets}, options, run);
}

}  // namespace topograph
