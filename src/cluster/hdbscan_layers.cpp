#include "topograph/cluster/hdbscan_layers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Quantile of the clusters' weights, between two of them by proportion.
double quantile_of_sizes(const Clustering& clusters, std::span<const std::int32_t> weights,
                         double quantile) {
  std::vector<double> sizes(idx(clusters.n_clusters), 0.0);
  for (std::size_t row = 0; row < clusters.labels.size(); ++row) {
    if (clusters.labels[row] < 0) continue;
    sizes[idx(clusters.labels[row])] += weights.empty() ? 1.0 : static_cast<double>(weights[row]);
  }
  std::sort(sizes.begin(), sizes.end());
  const double at = quantile * static_cast<double>(sizes.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sizes.size() - 1);
  return sizes[low] + (at - static_cast<double>(low)) * (sizes[high] - sizes[low]);
}

}  // namespace

Result<std::vector<HdbscanLayer>> hdbscan_layers(const HdbscanTree& tree,
                                                 std::span<const std::int32_t> weights,
                                                 const HdbscanOptions& options,
                                                 const HdbscanLayerOptions& layers,
                                                 RunContext& run) {
  TG_TRY(validate_options(layers, "layers"));
  HdbscanOptions at = options;
  at.cluster_selection_method = ClusterSelection::leaf;
  at.n_clusters.reset();
  std::vector<HdbscanLayer> result;
  while (result.size() < idx(layers.max_layers)) {
    TG_TRY(auto cut, hdbscan_cut(tree, weights, at, run));
    if (!result.empty() && cut.clusters.n_clusters < layers.min_clusters) break;
    result.push_back({at.min_cluster_size, std::move(cut.clusters)});
    const Clustering& clusters = result.back().clusters;
    if (clusters.n_clusters < layers.min_clusters) break;
    const double next = quantile_of_sizes(clusters, weights, layers.size_quantile);
    if (next <= at.min_cluster_size + 1 || next > std::numeric_limits<std::int32_t>::max()) break;
    at.min_cluster_size = static_cast<int>(next);
  }
  return result;
}

}  // namespace topograph
