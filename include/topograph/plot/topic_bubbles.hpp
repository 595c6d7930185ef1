#pragma once

#include <optional>
#include <span>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct TopicBubbleOptions {
  std::optional<double> largest = {};
  bool show_labels = true;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("largest", s.largest, between(0.01, 0.5),
      "Diameter of the largest topic as a share of the figure's smaller side (unset: 0.16, less "
      "for many topics).");
    v("show_labels", s.show_labels, any_value(), "Labels beside the numbers.");
  }
};

/// Kind `topics`: topics as bubbles whose areas are their numbers of documents, near each other
/// where they are alike.
///
/// @param places  A place for every topic of `topics`, in any unit; y upwards.
/// @peer          BERTopic 0.17.4 `visualize_topics`.
[[nodiscard]] Result<Scene> topic_bubbles(const FigureTopics& topics, std::span<const Point> places,
                                          const TopicBubbleOptions& options,
                                          const FigureOptions& figure);

}  // namespace topograph
