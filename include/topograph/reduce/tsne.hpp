#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

enum class TsneInit : std::uint8_t { pca, random };
template <>
struct EnumNames<TsneInit> {
  static constexpr std::array<std::string_view, 2> names{"pca", "random"};
};

/// How the repulsion of all points is summed.
enum class TsneGradient : std::uint8_t { automatic, fft, barnes_hut, exact };
template <>
struct EnumNames<TsneGradient> {
  static constexpr std::array<std::string_view, 4> names{"auto", "fft", "barnes_hut", "exact"};
};

/// Names and defaults are openTSNE's.
struct TsneOptions {
  float perplexity = 30;
  Metric metric = Metric::euclidean;
  int n_components = 2;
  float early_exaggeration = 12;
  int early_exaggeration_iter = 250;
  float exaggeration = 1;
  int n_iter = 500;
  std::optional<float> learning_rate = {};
  float initial_momentum = 0.8F;
  float final_momentum = 0.8F;
  float max_step_norm = 5;
  TsneInit init = TsneInit::pca;
  TsneGradient gradient = TsneGradient::automatic;
  float theta = 0.5F;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("metric", s.metric, any_value(), "Distance between embeddings.");
    v("n_components", s.n_components, between(1, 3), "Dimensions of the layout.");
    visit_layout(s, v);
  }
  /// Those that do not depend on what is laid out.
  template <class Self, class V>
  static constexpr void visit_layout(Self& s, V&& v) {
    v("perplexity", s.perplexity, at_least(1),
      "Effective number of neighbours; three times as many are looked at.");
    v("early_exaggeration", s.early_exaggeration, at_least(1),
      "Factor of the attraction while the points find their places.");
    v("early_exaggeration_iter", s.early_exaggeration_iter, at_least(0), "Iterations of that.");
    v("exaggeration", s.exaggeration, at_least(1), "Factor of the attraction afterwards.");
    v("n_iter", s.n_iter, at_least(0), "Iterations of that.");
    v("learning_rate", s.learning_rate, above(0),
      "Step size (unset: rows divided by the exaggeration).");
    v("initial_momentum", s.initial_momentum, between(0, 1), "Momentum of the first phase.");
    v("final_momentum", s.final_momentum, between(0, 1), "Momentum of the second phase.");
    v("max_step_norm", s.max_step_norm, above(0), "Longest step of a point in an iteration.");
    v("init", s.init, any_value(), "Where the points start.");
    v("gradient", s.gradient, any_value(),
      "auto: exact up to 1000 rows, else fft in two dimensions and barnes_hut in one or three.");
    v("theta", s.theta, between(0, 0.5), "Accuracy of barnes_hut; 0 is exact.");
  }
};

struct TsneResult {
  Matrix<float> coords = {};  ///< (n, n_components), mean 0.
  double kl_divergence = 0;   ///< Of the affinities from the layout's similarities, in nats.
  double perplexity = 0;      ///< The one used: few rows allow only (n - 1) / 3.
  std::vector<std::string> warnings = {};
  std::optional<NeighborReport> search = {};  ///< Where neighbours were searched here.
};

/// Lays out n points so that near neighbours stay near (t-SNE).
///
/// @param knn     (n, k) neighbours; k of 3 * perplexity is usual, fewer lower the perplexity.
/// @param x       (n, d) rows for the start `pca`; may be empty, then the start is random.
/// @return        Fewer than two rows lie at the origin.
/// @error         invalid_argument: an option out of range, `fft` for other than two dimensions,
///                a non-finite distance (row named); cancelled.
/// @determinism   Bit-identical for any thread count and instruction set; the seed acts on the
///                jitter of the start and on a random start.
/// @cost          An iteration is O(n perplexity) and, for fft, O(s^2 log s) for a layout of side
/// s.
/// @source        van der Maaten & Hinton 2008; Linderman et al. 2019; Kobak & Berens 2019.
/// @peer          openTSNE 1.0.4.
[[nodiscard]] Result<TsneResult> tsne(const KnnGraph& knn, MatrixView<const float> x,
                                      const TsneOptions& options, RunContext& run);

/// Neighbours (as `search` says) and layout in one call. @error also: a non-finite value of x (the
/// row is named).
[[nodiscard]] Result<TsneResult> tsne(MatrixView<const float> x, const TsneOptions& options,
                                      RunContext& run, const NeighborOptions& search = {});

/// Neighbours that `tsne` looks at for n rows: 3 * perplexity, at most n - 1.
[[nodiscard]] std::size_t tsne_neighbors(const TsneOptions& options, std::size_t n_rows);

struct TsneTransformOptions {
  float perplexity = 5;
  float exaggeration = 1.5F;
  int n_iter = 250;
  float learning_rate = 0.1F;
  float momentum = 0.8F;
  float max_gradient_norm = 0.25F;
  int start_neighbors = 25;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("perplexity", s.perplexity, at_least(1), "Effective number of neighbours.");
    v("exaggeration", s.exaggeration, at_least(1), "Factor of the attraction.");
    v("n_iter", s.n_iter, at_least(0), "Iterations.");
    v("learning_rate", s.learning_rate, above(0), "Step size.");
    v("momentum", s.momentum, between(0, 1), "Momentum.");
    v("max_gradient_norm", s.max_gradient_norm, above(0), "Longer gradients are shortened to it.");
    v("start_neighbors", s.start_neighbors, at_least(1),
      "A point starts at the median of so many neighbours.");
  }
};

/// Places new points in a fitted layout, whose points stay where they are.
///
/// @param neighbors  (m, k) of the new points among the fitted ones; k of 25 serves the defaults.
/// @param coords     (n, n_components) the fitted layout.
/// @error            invalid_argument: an option out of range, no neighbours, an id outside.
/// @determinism      Each row depends only on its own neighbours (batch-invariant). A point at
///                   distance 0 from a fitted one gets that point's coordinates.
/// @peer             openTSNE 1.0.4 `transform`.
[[nodiscard]] Result<Matrix<float>> tsne_transform(const KnnGraph& neighbors,
                                                   MatrixView<const float> coords,
                                                   const TsneTransformOptions& options,
                                                   RunContext& run);

}  // namespace topograph
