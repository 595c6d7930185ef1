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
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class ClusterSelection : std::uint8_t { eom, leaf };
template <>
struct EnumNames<ClusterSelection> {
  static constexpr std::array<std::string_view, 2> names{"eom", "leaf"};
};

/// What a row with a value that is not finite becomes.
enum class NonFinite : std::uint8_t { error, noise };
template <>
struct EnumNames<NonFinite> {
  static constexpr std::array<std::string_view, 2> names{"error", "noise"};
};

struct HdbscanOptions {
  int min_cluster_size = 5;
  std::optional<int> min_samples = {};
  double cluster_selection_epsilon = 0;
  std::optional<double> cluster_selection_epsilon_max = {};
  double cluster_selection_persistence = 0;
  int max_cluster_size = 0;
  float alpha = 1.0F;
  Metric metric = Metric::euclidean;
  ClusterSelection cluster_selection_method = ClusterSelection::eom;
  bool allow_single_cluster = false;
  std::optional<int> n_clusters = {};
  NonFinite non_finite = NonFinite::error;
  bool compat = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("min_cluster_size", s.min_cluster_size, at_least(2),
      "Smallest group that counts as a cluster.", "min_topic_size");
    v("min_samples", s.min_samples, at_least(1),
      "Neighbours that make a point dense; larger gives more noise (unset: min_cluster_size).");
    v("cluster_selection_epsilon", s.cluster_selection_epsilon, at_least(0),
      "Clusters closer than this are not split.", "epsilon");
    v("cluster_selection_epsilon_max", s.cluster_selection_epsilon_max, above(0),
      "eom never selects a cluster that splits off above this distance (unset: no limit).",
      "epsilon_max");
    v("cluster_selection_persistence", s.cluster_selection_persistence, at_least(0),
      "Splits that live for less than this span of 1 / distance are undone first.", "persistence");
    v("max_cluster_size", s.max_cluster_size, at_least(0),
      "eom never selects a larger cluster; 0: no limit.");
    v("alpha", s.alpha, above(0),
      "Divides distances before they are compared with core distances.");
    v("metric", s.metric, any_value(), "Distance between points.");
    v("cluster_selection_method", s.cluster_selection_method, any_value(),
      "eom: most persistent clusters; leaf: the finest ones.");
    v("allow_single_cluster", s.allow_single_cluster, any_value(),
      "Accept the whole data set as one cluster.");
    v("n_clusters", s.n_clusters, at_least(1),
      "Number of clusters to cut the tree into, by choosing the epsilon (unset: as many as the "
      "selection finds).");
    v("non_finite", s.non_finite, any_value(),
      "Rows with NaN or infinite values: error names the first, noise leaves them out.");
    v("compat", s.compat, any_value(),
      "Predictions and memberships by the formulas of the hdbscan package, quirks included.");
  }
};

/// The hierarchy, before any choice of a smallest cluster: what cutting again starts from.
struct HdbscanTree {
  SpanningTree tree = {};
  Linkage linkage = {};
  std::vector<double> core_distances = {};  ///< (n); infinite for rows left out as non-finite.
};

/// Clusters cut out of a hierarchy.
struct HdbscanCut {
  Clustering clusters = {};
  CondensedTree condensed = {};
  std::vector<std::int32_t> selected = {};  ///< Condensed-tree id of cluster 0, 1, 2 …
  std::vector<float> outlier_scores = {};   ///< GLOSH, (n)
  double epsilon = 0;  ///< The distance below which nothing was split; chosen with n_clusters.
};

/// HDBSCAN's clusters and everything needed to cut again or to predict.
struct HdbscanResult : HdbscanTree, HdbscanCut {};

/// The hierarchy of x (n, d): core distances, spanning tree, linkage. Depends on min_samples
/// (unset: min_cluster_size), alpha, metric and non_finite only. fewer points than min_samples + 1
/// lower min_samples to what there is. Cosine works on unit vectors, whose distances have the same
/// order; distances are reported as 1 - cos (zero vectors: 0 to each other, 1 to all else).
///
/// @param weights  Copies of each point (folded duplicates): they count in sizes and in core
///                 distances (a point with weight w has w - 1 neighbours at distance 0). Empty: 1.
/// @error          invalid_argument: options out of range, a non-finite value (first row named)
///                 unless non_finite is noise.
/// @determinism    Bit-identical for any thread count; spanning-tree ties by (distance, ids).
/// @cost           Up to 20 columns about O(n log^2 n); above O(n^2 d), distances are exact.
/// @source         Campello, Moulavi & Sander 2013; McInnes & Healy 2017 (Boruvka in space trees).
[[nodiscard]] Result<HdbscanTree> hdbscan_tree(MatrixView<const float> x,
                                               std::span<const std::int32_t> weights,
                                               const HdbscanOptions& options, RunContext& run);

/// Clusters of a ready hierarchy: any min_cluster_size and any rule of selection, in O(n). Points
/// that weigh less than min_cluster_size together are all noise. With n_clusters the largest
/// epsilon that gives this many is chosen, among the leaves when eom gives fewer; when ties make
/// the number impossible, the nearest one and a warning.
///
/// @param weights  As for the tree.
/// @error          invalid_argument: options out of range, weights of another length.
/// @peer           hdbscan 0.8.44; n_clusters: its `HDBSCAN_flat`.
[[nodiscard]] Result<HdbscanCut> hdbscan_cut(const HdbscanTree& tree,
                                             std::span<const std::int32_t> weights,
                                             const HdbscanOptions& options, RunContext& run);

/// Clusters x (n, d) by density: `hdbscan_tree`, then `hdbscan_cut`.
///
/// @peer  hdbscan 0.8.44 with an exact tree: same spanning-tree weight; labels equal up to the
///        order of tied edges (golden tests).
[[nodiscard]] Result<HdbscanResult> hdbscan(MatrixView<const float> x,
                                            std::span<const std::int32_t> weights,
                                            const HdbscanOptions& options, RunContext& run);

struct HdbscanPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
  std::vector<float> outlier_scores = {};  ///< GLOSH in the cluster of the neighbour joined.
};

/// Cluster and probability of new points (m, d) as hdbscan's `approximate_predict`: a point joins
/// the tree at its nearest neighbour in mutual reachability among the 2 min_samples nearest, at
/// that density. Each row is independent of the others; a point identical to a training point gets
/// that point's label and strength (not with `compat`).
///
/// @param training  The rows `fitted` was made from; `options` too must be those of the fit.
/// @error           invalid_argument: another number of rows or columns than in training, a
///                  non-finite value (first row named) unless non_finite is noise.
/// @determinism     Bit-identical for any thread count and any batch a row comes in.
/// @peer            hdbscan 0.8.44 `approximate_predict`, `approximate_predict_scores`; with
///                  `compat` equal to 1e-5.
[[nodiscard]] Result<HdbscanPrediction> hdbscan_predict(const HdbscanResult& fitted,
                                                        MatrixView<const float> training,
                                                        MatrixView<const float> points,
                                                        const HdbscanOptions& options,
                                                        RunContext& run);

}  // namespace topograph
