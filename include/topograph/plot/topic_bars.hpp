#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct BarchartOptions {
  int n_words = 8;
  int columns = 4;
  bool share_scale = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_words", s.n_words, at_least(1), "Words of every topic.");
    v("columns", s.columns, at_least(1), "Topics side by side.");
    v("share_scale", s.share_scale, any_value(),
      "One scale for all topics; else the best word of each fills its width.");
  }
};

/// Kind `barchart`: the best words of every topic as bars, one panel a topic.
/// @peer BERTopic 0.17.4 `visualize_barchart`.
[[nodiscard]] Result<Scene> topic_bars(const FigureTopics& topics, const BarchartOptions& options,
                                       const FigureOptions& figure);

}  // namespace topograph
