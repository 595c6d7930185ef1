#include "topograph/neighbors/exact.hpp"

#include "neighbors/exact_index.hpp"
#include "neighbors/search_checks.hpp"

namespace topograph {

Result<KnnGraph> exact_knn(MatrixView<const float> x, std::size_t k, Metric metric,
                           RunContext& run) {
  TG_TRY(check_graph_shape(x, k));
  const Stage stage(run, "neighbors");
  TG_TRY(const ExactIndex index, ExactIndex::build(x, metric, "x", run));
  return index.graph(k, run);
}

Result<KnnGraph> exact_knn_query(MatrixView<const float> reference, MatrixView<const float> queries,
                                 std::size_t k, Metric metric, RunContext& run) {
  TG_TRY(check_query_shape(reference, queries, k));
  const Stage stage(run, "neighbors");
  TG_TRY(const ExactIndex index, ExactIndex::build(reference, metric, "reference", run));
  return index.query(queries, k, run);
}

}  // namespace topograph
