#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class ClusterSelection : std::uint8_t { eom, leaf };
template <>
struct EnumNames<ClusterSelection> {
  static constexpr std::array<std::string_view, 2> names{"eom", "leaf"};
};

struct HdbscanOptions {
  int min_cluster_size = 5;
  std::optional<int> min_samples = {};
  float cluster_selection_epsilon = 0.0F;
  int max_cluster_size = 0;
  float alpha = 1.0F;
  ClusterSelection cluster_selection_method = ClusterSelection::eom;
  bool allow_single_cluster = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("min_cluster_size", s.min_cluster_size, at_least(2),
      "Smallest group that counts as a cluster.", "min_topic_size");
    v("min_samples", s.min_samples, at_least(1),
      "Neighbours that make a point dense; larger gives more noise (unset: min_cluster_size).");
    v("cluster_selection_epsilon", s.cluster_selection_epsilon, at_least(0),
      "Clusters closer than this are not split.");
    v("max_cluster_size", s.max_cluster_size, at_least(0),
      "eom never selects a larger cluster; 0: no limit.");
    v("alpha", s.alpha, above(0),
      "Divides distances before they are compared with core distances.");
    v("cluster_selection_method", s.cluster_selection_method, any_value(),
      "eom: most persistent clusters; leaf: the finest ones.");
    v("allow_single_cluster", s.allow_single_cluster, any_value(),
      "Accept the whole data set as one cluster.");
  }
};

/// HDBSCAN's clusters and everything needed to cut again or to predict.
struct HdbscanResult {
  Clustering clusters = {};
  SpanningTree tree = {};
  Linkage linkage = {};
  CondensedTree condensed = {};
  std::vector<std::int32_t> selected = {};  ///< Condensed-tree id of cluster 0, 1, 2 …
  std::vector<double> core_distances = {};  ///< (n)
  std::vector<float> outlier_scores = {};   ///< GLOSH, (n)
};

/// Clusters x (n, d) by density, euclidean. Fewer documents than min_cluster_size are all noise;
/// fewer than min_samples + 1 lower min_samples to what there is.
///
/// @param weights  Copies of each point (folded duplicates): they count in sizes and in core
///                 distances (a point with weight w has w - 1 neighbours at distance 0). Empty: 1.
/// @error          invalid_argument: options out of range, non-finite value (first row named).
/// @determinism    Bit-identical for any thread count; spanning-tree ties by (distance, ids).
/// @source         Campello, Moulavi & Sander 2013; McInnes & Healy 2017 (dual-tree Boruvka).
/// @peer           hdbscan 0.8.44 with an exact tree: same spanning-tree weight; labels equal up to
///                 the order of tied edges (golden tests).
[[nodiscard]] Result<HdbscanResult> hdbscan(MatrixView<const float> x,
                                            std::span<const std::int32_t> weights,
                                            const HdbscanOptions& options, RunContext& run);

struct HdbscanPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
};

/// Cluster and probability of new points (m, d) as hdbscan's `approximate_predict`: a point joins
/// the tree at its nearest neighbour in mutual reachability among the 2 min_samples nearest, at
/// that density. Each row is independent of the others; a point identical to a training point gets
/// that point's label and strength.
///
/// @param training  The rows `fitted` was made from; `options` too must be those of the fit.
/// @error           invalid_argument: another number of rows or columns than in training, a
/// non-finite
///                  value (first row named).
/// @determinism     Bit-identical for any thread count and any batch a row comes in.
/// @peer            hdbscan 0.8.44; differs: it heeds cluster_selection_epsilon, and training
/// points
///                  get their own label.
[[nodiscard]] Result<HdbscanPrediction> hdbscan_predict(const HdbscanResult& fitted,
                                                        MatrixView<const float> training,
                                                        MatrixView<const float> points,
                                                        const HdbscanOptions& options,
                                                        RunContext& run);

}  // namespace topograph
