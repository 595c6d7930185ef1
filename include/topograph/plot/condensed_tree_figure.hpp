#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct CondensedTreeOptions {
  bool log_scale = false;
  bool show_labels = true;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("log_scale", s.log_scale, any_value(), "Logarithmic axis of lambda.");
    v("show_labels", s.show_labels, any_value(), "Labels at the selected clusters.");
  }
};

/// One cluster of the condensed tree on its icicle: it lives from `birth` to `death` in the slot
/// [left, left + size), narrowing around `middle` as points leave. Unit of x: points (weights).
struct Icicle {
  std::int32_t id = 0;
  std::int32_t parent = -1;
  double birth = 0;
  double death = 0;
  double middle = 0;
  std::vector<double> lambda = {};  ///< Where points leave, ascending …
  std::vector<double> width = {};   ///< … and what remains from there on.
  double size = 0;
};

/// Slots of all clusters, parents before children: children share what is left of their parent at
/// the split. Infinite lambdas count as the largest finite one. @cost O(rows log rows)
[[nodiscard]] std::vector<Icicle> lay_out_icicles(const CondensedTree& tree);

/// A cluster that was selected (its id in the condensed tree) and the topic that it is now.
struct SelectedCluster {
  std::int32_t cluster = 0;
  std::int32_t topic = 0;
};

/// Kind `condensed-tree`: HDBSCAN's hierarchy as icicles, width = documents, downwards = density.
///
/// @peer            hdbscan 0.8.44 `condensed_tree_.plot(select_clusters=True)`.
[[nodiscard]] Result<Scene> condensed_tree_figure(const FigureTopics& topics,
                                                  const CondensedTree& tree,
                                                  std::span<const SelectedCluster> selected,
                                                  const CondensedTreeOptions& options,
                                                  const FigureOptions& figure);

}  // namespace topograph
