#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The label of a row whose class is not known.
inline constexpr std::int32_t kUnknownLabel = -1;

/// How much targets count beside the data.
struct TargetOptions {
  float weight = 0.5F;
  std::optional<int> n_neighbors = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("weight", s.weight, between(0, 1),
      "0: the data count almost alone, 1: the targets do. Without targets it does nothing.");
    v("n_neighbors", s.n_neighbors, at_least(2),
      "Size of a row's neighbourhood among numeric targets, itself included (unset: the graph's). "
      "Labels do not use it.");
  }
};

/// Weakens edges between rows of different classes: a weight is multiplied by exp(-1) when either
/// label is unknown, by exp(-2.5 / (1 - weight)) when they differ; then every row is scaled to a
/// largest weight of 1 and the graph is united with its transpose. A factor that underflows removes
/// the edge (weight 1 always does).
///
/// @param labels  (n) classes; -1 is unknown, all unknown or one class alone is allowed.
/// @error         invalid_argument: labels of another length, a label below -1, weight out of
///                range.
/// @determinism   Bit-identical for any thread count.            @cost O(edges).
/// @peer          umap-learn 0.5.12 `discrete_metric_simplicial_set_intersection` (golden test).
[[nodiscard]] Result<FuzzyGraph> supervise_by_labels(const FuzzyGraph& graph,
                                                     std::span<const std::int32_t> labels,
                                                     const TargetOptions& options, RunContext& run);

/// Intersects the graph with the fuzzy graph of numeric targets under Euclidean distance: the
/// weight of an edge becomes left^(1 - w) right^w scaled to the larger exponent 1, where an absent
/// edge counts half of its graph's smallest weight (for the targets at most 1e-4); then as with
/// labels. The graph of the targets is directed, as the peer's.
///
/// @param targets  (n, t) finite numbers, usually t = 1.
/// @param n_neighbors  Neighbourhood size among targets when the options leave it open.
/// @error  invalid_argument: targets of another length, no columns, a value that is not finite
///         (row named), fewer than two rows, options out of range.
/// @peer   umap-learn 0.5.12 with `target_metric="euclidean"` (golden test). Differs: neighbours of
///         tied targets are the smaller ids.
[[nodiscard]] Result<FuzzyGraph> supervise_by_values(const FuzzyGraph& graph,
                                                     MatrixView<const float> targets,
                                                     int n_neighbors, const TargetOptions& options,
                                                     RunContext& run);

}  // namespace topograph
