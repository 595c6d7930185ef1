#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/neighbors/supervise.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class UmapInit : std::uint8_t { spectral, pca, random };
template <>
struct EnumNames<UmapInit> {
  static constexpr std::array<std::string_view, 3> names{"spectral", "pca", "random"};
};

/// Options of one layout; names and defaults are umap-learn's. The graph's own options
/// (neighbours, metric, set_op_mix_ratio, local_connectivity) belong to whoever builds the graph.
struct UmapOptions {
  int n_neighbors = 15;
  Metric metric = Metric::euclidean;
  int n_components = 2;
  float min_dist = 0.1F;
  float spread = 1.0F;
  std::optional<int> n_epochs = {};
  float learning_rate = 1.0F;
  UmapInit init = UmapInit::spectral;
  float set_op_mix_ratio = 1.0F;
  float local_connectivity = 1.0F;
  float repulsion_strength = 1.0F;
  int negative_sample_rate = 5;
  std::optional<float> a = {};
  std::optional<float> b = {};
  std::optional<float> disconnection_distance = {};
  bool unique = false;
  bool densmap = false;
  float dens_lambda = 2.0F;
  float dens_frac = 0.3F;
  float dens_var_shift = 0.1F;
  bool output_dens = false;
  TargetOptions target = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_neighbors", s.n_neighbors, at_least(2),
      "Size of each neighbourhood, the point itself included; larger favours global shape.");
    v("metric", s.metric, any_value(), "Distance between embeddings.");
    v("n_components", s.n_components, between(1, 256), "Dimensions of the layout.");
    v("min_dist", s.min_dist, at_least(0), "Closest packing in the layout, at most `spread`.");
    v("spread", s.spread, above(0), "Scale of the layout.");
    v("n_epochs", s.n_epochs, at_least(0),
      "Passes over the edges (unset: 500 up to 10 000 rows, 200 above; 200 more for densmap).");
    v("learning_rate", s.learning_rate, above(0), "First step size; it falls linearly to 0.");
    v("init", s.init, any_value(), "Where the points start.");
    v("set_op_mix_ratio", s.set_op_mix_ratio, between(0, 1),
      "1: fuzzy union of the neighbourhoods, 0: intersection.");
    v("local_connectivity", s.local_connectivity, at_least(0),
      "Neighbours assumed connected at full weight.");
    v("repulsion_strength", s.repulsion_strength, at_least(0), "Weight of the negative samples.");
    v("negative_sample_rate", s.negative_sample_rate, between(0, 64),
      "Negative samples per positive one.");
    v("a", s.a, above(0), "Curve parameter (unset: fitted from min_dist and spread).");
    v("b", s.b, above(0), "Curve parameter (unset: fitted from min_dist and spread).");
    v("disconnection_distance", s.disconnection_distance, above(0),
      "Rows this far apart or farther are no neighbours (unset: 2 for cosine, else no limit).");
    v("unique", s.unique, any_value(),
      "Rows with the same bytes are one point, which repels others as often as it has rows.");
    v("densmap", s.densmap, any_value(),
      "Dense parts of the data shall be dense in the layout, too (densMAP).");
    v("dens_lambda", s.dens_lambda, at_least(0), "Weight of densMAP's term.");
    v("dens_frac", s.dens_frac, between(0, 1),
      "Share of the epochs, the last ones, in which densMAP's term counts.");
    v("dens_var_shift", s.dens_var_shift, at_least(0),
      "Added to the variance of the layout's radii, for stability.");
    v("output_dens", s.output_dens, any_value(),
      "Also report the local radius of every row and of its place.");
    v("target", s.target);
  }
};

/// Parameters of the curve 1 / (1 + a d^(2b)).
struct CurveAb {
  double a = 1;
  double b = 1;
};

/// Least-squares fit of the curve to 1 below min_dist and exp(-(d - min_dist) / spread) above, on
/// 300 points over [0, 3 spread]. @peer umap-learn `find_ab_params` (check values in the tests).
[[nodiscard]] CurveAb fit_ab(double spread, double min_dist);

/// What is known about the rows; at most one of them is given. See supervise.hpp.
struct UmapTargets {
  std::span<const std::int32_t> labels = {};  ///< (n) classes, -1 unknown; or empty.
  MatrixView<const float> values = {};        ///< (n, t) finite numbers; or empty.
};

/// A layout and the evidence of how it was made.
struct UmapResult {
  Matrix<float> coords = {};  ///< (n, n_components)
  /// With output_dens: (n) logarithm of the mean squared distance of each row to its graph
  /// neighbours, weighted by the edges, and the same of its place in the layout; NaN for rows
  /// without neighbours.
  std::vector<float> log_radii = {};
  std::vector<float> layout_log_radii = {};
  CurveAb curve = {};
  int n_epochs = 0;
  bool is_spectral = false;  ///< The spectral start was used (else its fallback, see warnings).
  std::vector<std::string> warnings = {};
  std::optional<NeighborReport> search = {};  ///< Where neighbours were searched here.
};

/// Lays out a ready fuzzy graph. `x` (n, d) may be empty; the PCA start and densMAP need it, and
/// the spectral start places the parts of a disconnected graph by it. Of the graph's options only
/// `metric` (densMAP) and `n_neighbors` (the radii of the layout) are read here; `unique` is not.
/// One point lies at the origin; up to n_components + 1 points start at random.
///
/// densMAP adds dens_lambda times the correlation of the log radii of rows and places to the
/// objective of the last epochs. Its radii are those at the start of each epoch.
///
/// @error       invalid_argument: options out of range, min_dist > spread, x of another length, no
///              x although densMAP or radii are wanted.
/// @determinism Bit-identical for any thread count.
/// @source      McInnes, Healy & Melville 2018, and Narayan, Berger & Cho 2021 for densMAP;
/// differs:
///              threads work on pairs of vertex blocks that share no vertex, and random samples are
///              read from the start of the epoch.
[[nodiscard]] Result<UmapResult> umap(const FuzzyGraph& graph, MatrixView<const float> x,
                                      const UmapOptions& options, RunContext& run);

/// The same from given positions (n, n_components), taken as they are; `init` is not read, densMAP
/// and radii are refused for want of rows.
/// @error       also: a start of another shape, or with a value that is not finite (row named).
[[nodiscard]] Result<UmapResult> umap_from(const FuzzyGraph& graph, MatrixView<const float> start,
                                           const UmapOptions& options, RunContext& run);

/// Rows to lay out and all that may be known of them.
struct UmapInput {
  MatrixView<const float> x = {};       ///< (n, d); may be empty where `neighbors` are given.
  const KnnGraph* neighbors = nullptr;  ///< (n, k), found by `metric`; null: they are searched.
  UmapTargets targets = {};
  MatrixView<const float> start = {};         ///< (n, n_components), used instead of `init`.
  std::span<const std::int32_t> copies = {};  ///< (n) rows that each row stands for, >= 1.
  NeighborOptions search = {};                ///< How neighbours are searched.
};

/// Neighbours, fuzzy graph, supervision and layout in one call. With fewer rows than n_neighbors
/// all rows are neighbours, and a warning says so. Rows without any neighbour nearer than
/// disconnection_distance stay where they start, and a warning counts them.
///
/// With `unique` equal rows are one point: they get the same place. Their labels must agree, else
/// the point's class is unknown; of numbers it gets the mean, of starts the first. A point that
/// stands for c rows is drawn as a negative sample c times as often.
///
/// @error       also: a non-finite value of x (the row is named), both kinds of targets, what
///              supervise.hpp refuses, ready neighbours that are fewer than n_neighbors - 1 (unless
///              they are all rows) or together with `unique`, bad ids or distances, copies below 1.
[[nodiscard]] Result<UmapResult> umap(const UmapInput& input, const UmapOptions& options,
                                      RunContext& run);

/// Of x alone, with targets, and from ready neighbours, of which only the nearest n_neighbors - 1
/// of each row are used.
[[nodiscard]] Result<UmapResult> umap(MatrixView<const float> x, const UmapOptions& options,
                                      RunContext& run);
[[nodiscard]] Result<UmapResult> umap(MatrixView<const float> x, const UmapTargets& targets,
                                      const UmapOptions& options, RunContext& run);
[[nodiscard]] Result<UmapResult> umap(const KnnGraph& neighbors, MatrixView<const float> x,
                                      const UmapTargets& targets, const UmapOptions& options,
                                      RunContext& run);

/// Places new points in a fitted layout: start at the membership-weighted mean of their neighbours,
/// then a third of the epochs of a fit of that size, at a quarter of the step size, against the
/// fixed training points.
///
/// @param neighbors  (m, k) neighbours of the new points among the training points; k is the fit's
///                   n_neighbors (there is no self among them).
/// @param coords     (n, n_components) the fitted layout.
/// @error            invalid_argument: options out of range, coords of another width, an id outside
///                   the layout.
/// @determinism      Each row depends only on its own neighbours and the run's seed
/// (batch-invariant).
///                   A new point at distance exactly 0 from a training point gets its coordinates.
/// @peer             umap-learn `transform`, which scales weights and epochs by the batch; here a
///                   row is scaled by its own strongest edge. After densMAP, too, where new points
///                   are placed by their neighbours alone (the peer refuses).
[[nodiscard]] Result<Matrix<float>> umap_transform(const KnnGraph& neighbors,
                                                   MatrixView<const float> coords,
                                                   const CurveAb& curve, const UmapOptions& options,
                                                   RunContext& run);

}  // namespace topograph
