#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class CommunityObjective : std::uint8_t { modularity, cpm };
template <>
struct EnumNames<CommunityObjective> {
  static constexpr std::array<std::string_view, 2> names{"modularity", "cpm"};
};

struct CommunitiesOptions {
  CommunityObjective objective = CommunityObjective::modularity;
  double resolution = 1.0;
  int n_iterations = 2;
  int min_size = 5;
  int n_layers = 4;
  float min_strength = 0.0F;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("objective", s.objective, any_value(), "What a good partition maximises.");
    v("resolution", s.resolution, above(0), "Larger gives more and smaller communities.");
    v("n_iterations", s.n_iterations, at_least(1), "Passes of the Leiden algorithm.");
    v("min_size", s.min_size, at_least(1), "Communities with fewer documents join their best-connected neighbour.");
    v("n_layers", s.n_layers, between(0, 12), "Finer and coarser partitions kept for zooming, besides the base one.");
    v("min_strength", s.min_strength, between(0, 1), "Members whose share of edge weight inside their community is below this become topic -1.");
  }
};

/// One partition of a nested or zoom series.
struct CommunityLayer {
  double resolution = 1;
  std::int32_t n_clusters = 0;
  std::vector<std::int32_t> labels = {};
};

struct Communities {
  Clustering base = {};
  std::vector<CommunityLayer> layers = {};  ///< Coarsest first, the base one among them.
  double quality = 0;                       ///< Modularity (or CPM) of the base partition.
};

/// Leiden communities of the fuzzy graph. `strength` is the share of a point's edge weight that
/// stays inside its community (1 for a point without edges).
///
/// @param weights  Documents per point (folded duplicates); empty: 1 each. They count in sizes, and
///                 in `min_size`; the objective itself sees edge weights only.
/// @determinism    The same seed gives the same labels for any thread count (the search is serial).
/// @source         Traag, Waltman & van Eck 2019; igraph 0.10 `igraph_community_leiden`.
[[nodiscard]] Result<Communities> communities(const FuzzyGraph& graph,
                                              std::span<const std::int32_t> weights,
                                              const CommunitiesOptions& options, RunContext& run);

/// Community and strength of new points from the memberships of their neighbours (m, k) in the
/// graph: the label with the largest summed weight (ties: smaller label); strength is its share.
/// A new point at distance exactly 0 from a training point gets that point's label.
struct CommunityPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
};
[[nodiscard]] Result<CommunityPrediction> predict_communities(
    const KnnGraph& neighbors, std::span<const std::int32_t> training_labels,
    std::span<const float> training_strength, RunContext& run);

}  // namespace topograph
