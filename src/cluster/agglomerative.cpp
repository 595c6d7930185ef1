#include "topograph/cluster/agglomerative.hpp"

#include <algorithm>
#include <utility>

#include "topograph/cluster/given_labels.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<AgglomerativeResult> agglomerative(MatrixView<const float> x,
                                          std::span<const std::int32_t> weights,
                                          const AgglomerativeOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "agglomerative"));
  AgglomerativeResult result;
  TG_TRY(result.linkage, linkage_tree(x, weights, options.linkage, run));
  std::size_t n_clusters = idx(options.n_clusters);
  if (options.distance_threshold) {
    const auto& heights = result.linkage.height;
    n_clusters =
        1 + idx(heights.end() - std::ranges::lower_bound(heights, *options.distance_threshold));
  }
  const auto labels = cut_linkage(result.linkage, n_clusters);
  TG_TRY(auto clusters, given_labels(x, weights, labels, run));
  result.clusters = std::move(clusters.clusters);
  result.centers = std::move(clusters.centers);
  return result;
}

}  // namespace topograph
