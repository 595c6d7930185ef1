#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

struct HdbscanLayerOptions {
  int min_clusters = 6;
  double size_quantile = 0.85;
  int max_layers = 10;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("min_clusters", s.min_clusters, at_least(1), "A layer with fewer clusters is not made.");
    v("size_quantile", s.size_quantile, between(0, 1),
      "The next layer's smallest cluster is this quantile of a layer's cluster sizes.",
      "next_cluster_size_quantile");
    v("max_layers", s.max_layers, at_least(1), "Layers at most.");
  }
};

/// One resolution of a hierarchy.
struct HdbscanLayer {
  int min_cluster_size = 0;
  Clustering clusters = {};
};

/// Cuts one tree at growing min_cluster_size, finest layer first: the first with the options' own,
/// each next one at a quantile of the sizes before. Clusters are the leaves of the condensed tree,
/// so a coarser layer joins clusters of a finer one and reaches into its noise.
///
/// @return       At least one layer, also where the first has fewer than min_clusters clusters.
/// @error        invalid_argument: options out of range, weights of another length.
/// @determinism  Bit-identical for any thread count.
/// @peer         Toponymy `ToponymyClusterer`: the same sizes; a first layer below min_clusters is
///               no error.
[[nodiscard]] Result<std::vector<HdbscanLayer>> hdbscan_layers(
    const HdbscanTree& tree, std::span<const std::int32_t> weights, const HdbscanOptions& options,
    const HdbscanLayerOptions& layers, RunContext& run);

}  // namespace topograph
