#include <algorithm>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/exact.hpp"
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

Result<UmapResult> lay_out(const FuzzyGraph& graph, MatrixView<const float> x,
                           const std::vector<std::string>& warnings, const UmapOptions& options,
                           RunContext& run) {
  for (const std::string& warning : warnings) run.warn("umap: " + warning);
  TG_TRY(auto result, umap(graph, x, options, run));
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  return result;
}

}  // namespace

Result<UmapResult> umap(MatrixView<const float> x, const UmapOptions& options, RunContext& run) {
  return umap(x, UmapTargets{}, options, run);
}

Result<UmapResult> umap(MatrixView<const float> x, const UmapTargets& targets,
                        const UmapOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_targets(targets, x.rows()));
  if (x.rows() < 2) {
    FuzzyGraph graph;
    graph.edges.offsets.resize(x.rows() + 1, 0);
    graph.edges.n_cols = x.rows();
    return lay_out(graph, x, {}, options, run);
  }
  TG_TRY(const KnnGraph knn,
         exact_knn(x, neighbors_needed(options, x.rows()), options.metric, run));
  return umap(knn, x, targets, options, run);
}

Result<UmapResult> umap(const KnnGraph& neighbors, MatrixView<const float> x,
                        const UmapTargets& targets, const UmapOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_targets(targets, neighbors.rows()));
  if (neighbors.rows() < 2) {
    return input_error(ErrorCode::invalid_argument, "neighbors",
                       "expected at least 2 rows, found " + std::to_string(neighbors.rows()));
  }
  const std::size_t k = neighbors_needed(options, neighbors.rows());
  if (neighbors.k() < k) {
    return input_error(ErrorCode::invalid_argument, "neighbors",
                       "expected at least " + std::to_string(k) +
                           " of each row (n_neighbors without the row itself), found " +
                           std::to_string(neighbors.k()),
                       "find more neighbours or lower n_neighbors");
  }
  std::vector<std::string> warnings;
  const bool is_wider = neighbors.k() > k;
  TG_TRY(const FuzzyGraph graph,
         graph_of_neighbors(is_wider ? nearest_columns(neighbors, k) : neighbors, targets, options,
                            warnings, run));
  return lay_out(graph, x, warnings, options, run);
}

}  // namespace topograph
