#pragma once

#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/matrix_figure.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct PerClassOptions {
  bool normalize = true;
  int max_classes = 40;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("normalize", s.normalize, any_value(), "Shares of each class; else numbers of documents.");
    v("max_classes", s.max_classes, at_least(1), "Only so many of the largest classes.");
  }
};

/// Kind `per-class`: what each class is about, one stacked bar a class; topics that are not shown
/// and documents without one are grey.
/// @peer BERTopic 0.17.4 `visualize_topics_per_class`.
[[nodiscard]] Result<Scene> class_bars(const FigureTopics& topics, const ClassCounts& classes,
                                       const PerClassOptions& options, const FigureOptions& figure);

struct DistributionOptions {
  int document = 0;
  double min_probability = 0.015;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("document", s.document, at_least(0), "Row of the document, from 0.");
    v("min_probability", s.min_probability, between(0, 1), "Topics below this are left out.");
  }
};

/// Shares of topics in one document.
struct DocumentShares {
  std::string text = {};  ///< Its beginning is shown.
  std::vector<std::int32_t> topics = {};
  std::vector<double> shares = {};
  double noise = 0;  ///< What no topic has.
};

/// Kind `distribution`: the topics of one document as bars, the largest first.
/// @peer BERTopic 0.17.4 `visualize_distribution`.
[[nodiscard]] Result<Scene> distribution_bars(const FigureTopics& topics,
                                              const DocumentShares& document,
                                              const DistributionOptions& options,
                                              const FigureOptions& figure);

}  // namespace topograph
