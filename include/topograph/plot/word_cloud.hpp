#pragma once

#include <optional>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct WordCloudOptions {
  int n_words = 50;
  std::optional<int> columns = {};
  double vertical = 0;
  double contrast = 0.6;
  std::string stop_words = "none";

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_words", s.n_words, at_least(1), "Words of every topic, best first.");
    v("columns", s.columns, at_least(1), "Topics side by side (unset: nearly a square).");
    v("vertical", s.vertical, between(0, 1), "Share of the words that run upwards.");
    v("contrast", s.contrast, between(0.05, 2),
      "Power of a word's weight that its size follows: more makes small words smaller.");
    v("stop_words", s.stop_words, any_value(),
      "Words left out besides those that the model left out: none, english, language codes like "
      "`en,de`, or @FILE.");
  }
};

/// Kind `wordcloud`: the words of one topic, or of each of many, packed by the shape of their
/// letters. Sizes shrink until all words of a topic have a place; a word that is wider than its
/// panel even then is left out.
///
/// @determinism Bit-identical for any thread count.
[[nodiscard]] Result<Scene> word_cloud(const FigureTopics& topics, const WordCloudOptions& options,
                                       const FigureOptions& figure, RunContext& run);

}  // namespace topograph
