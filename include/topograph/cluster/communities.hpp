#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
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
  std::optional<double> resolution = 1.0;
  int n_iterations = 2;
  int min_size = 5;
  int n_layers = 4;
  float min_strength = 0.0F;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("objective", s.objective, any_value(), "What a good partition maximises.");
    v("resolution", s.resolution, above(0),
      "Larger gives more and smaller communities; auto: where the fewest documents change topic.");
    v("n_iterations", s.n_iterations, at_least(1), "Passes of the Leiden algorithm.");
    v("min_size", s.min_size, at_least(1),
      "Communities with fewer documents join their best-connected neighbour.");
    v("n_layers", s.n_layers, between(0, 12),
      "Finer and coarser partitions kept for zooming, besides the base one, at most.");
    v("min_strength", s.min_strength, between(0, 1),
      "Members whose share of edge weight inside their community is below this become topic -1.");
  }
};

/// One partition of a nested or zoom series.
struct CommunityLayer {
  double resolution = 1;
  /// Share of documents whose topic stays when the resolution varies by a factor of sqrt(2) up and
  /// down, as far as communities joining each other tells; 1 where nothing was varied.
  double stability = 1;
  std::int32_t n_clusters = 0;
  std::vector<std::int32_t> labels = {};
};

struct Communities {
  Clustering base = {};
  std::vector<CommunityLayer> layers = {};  ///< Coarsest first, the base one among them.
  double quality = 0;                       ///< Modularity (or CPM) of the base partition.
  double resolution = 1;  ///< Of the base partition: the option, or what auto found.
};

/// Leiden communities of the fuzzy graph. `strength` is the share of a point's edge weight that
/// stays inside its community (1 for a point without edges).
///
/// A community of fewer than `min_size` documents joins the neighbour it has the most edge weight
/// with; one without any neighbour is a fragment of the graph too small to be a topic: its members
/// get label -1 and strength 0, as weak members (`min_strength`) do, in every layer.
/// Layers nest: each is a union of the next finer one's communities. There is one an octave of
/// resolution, half of them below the base one, cut where the fewest documents change their topic.
/// Those equal to their neighbour in the series are left out, so there may be fewer than
/// `n_layers`. In every layer clusters are numbered by documents, the largest first (ties: smallest
/// point). `quality` is taken before members are set aside.
///
/// @param graph    Symmetric: both directions of an edge, with the same weight.
/// @param weights  Documents per point (folded duplicates); empty: 1 each. They count in sizes and
///                 in `min_size`, and the objective sees a point of w documents as w points, each
///                 with its own row of the neighbour graph (see `community_graph.hpp`).
/// @error          invalid_argument: options out of range, an edge weight that is not positive and
///                 finite, an edge to the point itself or to none, a document count below 1 (first
///                 row named); cancelled.
/// @determinism    Bit-identical for any number of threads.
/// @cost           Time about proportional to the edges (1.2 us each); 8 bytes an edge and about 60
///                 a point.
/// @source         Traag, Waltman & van Eck 2019; see docs/algorithms/leiden.md.
/// @peer           igraph `igraph_community_leiden` (golden test, `bench/leiden_compare.py`).
[[nodiscard]] Result<Communities> communities(const FuzzyGraph& graph,
                                              std::span<const std::int32_t> weights,
                                              const CommunitiesOptions& options, RunContext& run);

struct CommunityPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};  ///< 0 for noise.
};

/// Community and strength of new points from the memberships of their neighbours (m, k) in the
/// graph: the label with the largest summed weight (ties: smaller label); strength is its share.
/// Memberships follow from the distances as the fuzzy graph's own do, row by row. Noise neighbours
/// vote as noise does: when -1 wins, strength is 0.
/// A new point at distance exactly 0 from a training point gets that point's label and strength.
///
/// @error       invalid_argument: k = 0, an id that is no training point, distances negative, not
///              finite or out of order (first row named).
/// @determinism Bit-identical for any thread count and any batch a row comes in.
[[nodiscard]] Result<CommunityPrediction> predict_communities(
    const KnnGraph& neighbors, std::span<const std::int32_t> training_labels,
    std::span<const float> training_strength, RunContext& run);

}  // namespace topograph
