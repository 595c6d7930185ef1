#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/supervise.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

/// Cosine: opposite vectors have nothing in common, so that distance 2 is no edge, as the peer.
float disconnection_of(const UmapOptions& options) {
  constexpr float none = std::numeric_limits<float>::infinity();
  return options.disconnection_distance.value_or(options.metric == Metric::cosine ? 2.0F : none);
}

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

/// Neighbours and fuzzy graph of at least two rows.
Result<FuzzyGraph> graph_of_rows(MatrixView<const float> x, const UmapTargets& targets,
                                 const UmapOptions& options, std::vector<std::string>& warnings,
                                 RunContext& run) {
  const std::size_t wanted = idx(options.n_neighbors) - 1;
  const std::size_t k = std::min(wanted, x.rows() - 1);
  if (k < wanted) {
    warnings.push_back("n_neighbors lowered from " + std::to_string(options.n_neighbors) + " to " +
                       std::to_string(k + 1) + ", the number of rows");
  }
  TG_TRY(const KnnGraph knn, exact_knn(x, k, options.metric, run));
  TG_TRY(auto graph, fuzzy_graph(knn,
                                 {.set_op_mix_ratio = options.set_op_mix_ratio,
                                  .local_connectivity = options.local_connectivity,
                                  .disconnection_distance = disconnection_of(options)},
                                 run));
  TG_TRY(graph, supervise(std::move(graph), targets, options, run));
  if (const std::size_t n_isolated = count_isolated(graph); n_isolated > 0) {
    warnings.push_back(std::to_string(n_isolated) + " of " + std::to_string(x.rows()) +
                       " rows have no neighbor and stay where they start");
  }
  return graph;
}

}  // namespace

Result<UmapResult> umap(MatrixView<const float> x, const UmapOptions& options, RunContext& run) {
  return umap(x, UmapTargets{}, options, run);
}

Result<UmapResult> umap(MatrixView<const float> x, const UmapTargets& targets,
                        const UmapOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_targets(targets, x.rows()));
  FuzzyGraph graph;
  std::vector<std::string> warnings;
  if (x.rows() < 2) {
    graph.edges.offsets.resize(x.rows() + 1, 0);
    graph.edges.n_cols = x.rows();
  } else {
    TG_TRY(graph, graph_of_rows(x, targets, options, warnings, run));
  }
  for (const std::string& warning : warnings) run.warn("umap: " + warning);
  TG_TRY(auto result, umap(graph, x, options, run));
  result.warnings.insert(result.warnings.begin(), warnings.begin(), warnings.end());
  return result;
}

}  // namespace topograph
