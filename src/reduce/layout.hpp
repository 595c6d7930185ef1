#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reduce/density_term.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// What the layout's forces need, apart from positions and edges.
struct LayoutForces {
  CurveAb curve = {};
  float repulsion = 1;
  int negatives = 5;
  float learning_rate = 1;
};

/// What is laid out besides the edges.
struct LayoutPoints {
  std::span<const std::int32_t> copies = {};  ///< (n) weights among the negative samples, or empty.
  const DensityGoal* density = nullptr;       ///< Null: plain UMAP.
};

/// The graph without the edges too weak to be used once in `n_epochs`.
/// @param n_epochs  Of the run; with 10 or fewer the default for n rows decides what is weak.
[[nodiscard]] Result<FuzzyGraph> drop_weak_edges(const FuzzyGraph& graph, int n_epochs,
                                                 RunContext& run);

/// Epochs when the user leaves them open: 500 up to 10 000 rows, 200 above; densMAP: 200 more.
[[nodiscard]] int default_epochs(std::size_t n_rows, bool is_densmap = false);

/// Moves the rows of `coords` (n, dim) for n_epochs epochs.
[[nodiscard]] Result<void> optimize_layout(const FuzzyGraph& graph, const LayoutPoints& points,
                                           const LayoutForces& forces, int n_epochs,
                                           MatrixView<float> coords, RunContext& run);

/// A graph to lay out; see umap.hpp. What is not known is empty.
struct GraphLayout {
  const FuzzyGraph& graph;
  MatrixView<const float> x = {};
  MatrixView<const float> start = {};
  std::span<const std::int32_t> copies = {};
};

/// The layout of a graph, by checked and ready input or start positions of its own.
[[nodiscard]] Result<UmapResult> lay_out(const GraphLayout& input, const UmapOptions& options,
                                         RunContext& run);

/// `umap_transform` with draws from `seed`, whatever the run's is.
[[nodiscard]] Result<Matrix<float>> place_new_points(const KnnGraph& neighbors,
                                                     MatrixView<const float> coords,
                                                     const CurveAb& curve,
                                                     const UmapOptions& options, std::uint64_t seed,
                                                     RunContext& run);

}  // namespace topograph::detail
