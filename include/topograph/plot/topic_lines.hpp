#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct TermRankOptions {
  bool log_scale = false;
  int n_ranks = 30;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("log_scale", s.log_scale, any_value(), "Logarithmic axis of weights.");
    v("n_ranks", s.n_ranks, at_least(2), "Ranks shown.");
  }
};

/// Kind `term-rank`: weights of each topic's words from the best down, to see how many words carry
/// a topic. @peer BERTopic 0.17.4 `visualize_term_rank`.
[[nodiscard]] Result<Scene> term_rank_lines(const FigureTopics& topics,
                                            const TermRankOptions& options,
                                            const FigureOptions& figure);

enum class SeriesShare : std::uint8_t { none, time, topic };
template <>
struct EnumNames<SeriesShare> {
  static constexpr std::array<std::string_view, 3> names{"none", "time", "topic"};
};

struct OverTimeOptions {
  SeriesShare share = SeriesShare::none;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("share", s.share, any_value(),
      "none: numbers of documents; time: share of the documents of that time; topic: share of the "
      "topic's own documents.");
  }
};

/// Documents by time and topic.
struct TimeCounts {
  /// Where every span is drawn, microseconds since 1970, UTC.
  std::vector<std::int64_t> times = {};
  std::int64_t span_months = 0;     ///< When spans are calendar months or longer units.
  std::string span = {};            ///< What one is: "month", "span of 12 days".
  Matrix<double> counts = {};       ///< (spans, topics in the order of the figure)
  std::vector<double> totals = {};  ///< Per span, topics that are not shown included.
};

/// Kind `over-time`: a line per topic, named at its end.
/// @peer BERTopic 0.17.4 `visualize_topics_over_time`.
[[nodiscard]] Result<Scene> topic_time_lines(const FigureTopics& topics, const TimeCounts& series,
                                             const OverTimeOptions& options,
                                             const FigureOptions& figure);

}  // namespace topograph
