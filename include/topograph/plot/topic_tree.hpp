#pragma once

#include <optional>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct TopicTreeOptions {
  std::optional<double> color_threshold = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("color_threshold", s.color_threshold, at_least(0),
      "Merges below this height share a colour (unset: as many groups as the square root of the "
      "number of topics).");
  }
};

/// Kind `hierarchy`: which topics merge first, as a dendrogram with the labels on the left.
///
/// @param linkage  Merges of the topics in the order of `topics`.
/// @param axis     What the heights are, for the axis.
/// @peer           BERTopic 0.17.4 `visualize_hierarchy`, scipy 1.17.1 `dendrogram`.
[[nodiscard]] Result<Scene> topic_tree(const FigureTopics& topics, const Linkage& linkage,
                                       const std::string& axis, const TopicTreeOptions& options,
                                       const FigureOptions& figure);

}  // namespace topograph
