#include <algorithm>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {

Result<UmapResult> umap(MatrixView<const float> x, const UmapOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  FuzzyGraph graph;
  std::string warning;
  if (x.rows() < 2) {
    graph.edges.offsets.resize(x.rows() + 1, 0);
    graph.edges.n_cols = x.rows();
  } else {
    const std::size_t wanted = idx(options.n_neighbors) - 1;
    const std::size_t k = std::min(wanted, x.rows() - 1);
    if (k < wanted) {
      warning = "n_neighbors lowered from " + std::to_string(options.n_neighbors) + " to " +
                std::to_string(k + 1) + ", the number of rows";
      run.warn("umap: " + warning);
    }
    TG_TRY(const KnnGraph knn, exact_knn(x, k, options.metric, run));
    TG_TRY(graph, fuzzy_graph(knn,
                              {.set_op_mix_ratio = options.set_op_mix_ratio,
                               .local_connectivity = options.local_connectivity},
                              run));
  }
  TG_TRY(auto result, umap(graph, x, options, run));
  if (!warning.empty()) result.warnings.insert(result.warnings.begin(), std::move(warning));
  return result;
}

}  // namespace topograph
