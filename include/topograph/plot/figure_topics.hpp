#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/palette.hpp"
#include "topograph/plot/scene.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

/// A topic as figures show it. The same topic has the same colour in every kind of figure.
struct FigureTopic {
  std::int32_t id = 0;
  std::int64_t count = 0;
  std::string label = {};  ///< One clean line.
  Color color = {};
  std::vector<TopicWord> words = {};

  /// "7 · label", as legends and axes name it.
  [[nodiscard]] std::string name() const;
};

/// Middles of the topics on the map, for colours: the position of topic `ids[i]` is `places[i]`.
struct TopicPlaces {
  std::vector<std::int32_t> ids = {};
  std::vector<Point> places = {};
};

/// The topics that a figure is about, in order of id, without the outlier topic.
struct FigureTopics {
  std::vector<FigureTopic> topics = {};
  std::size_t n_in_model = 0;
  bool is_subset = false;

  /// Position of a topic in `topics`, or -1.
  [[nodiscard]] std::int32_t find(std::int32_t id) const;
  /// "12 largest of 89 topics" when some were left out, else empty.
  [[nodiscard]] std::string note() const;
};

/// Chooses topics, labels and colours by `topics`, `n_topics`, `labels` and `palette`.
///
/// @param usual_n  Number of topics when neither `topics` nor `n_topics` is set; 0: all.
/// @error          option subject: a topic that the model does not have, a label without "=";
///                 model subject: no topic at all (when `needs_topics`).
[[nodiscard]] Result<FigureTopics> choose_topics(const TopicTable& table, const TopicPlaces& places,
                                                 const FigureOptions& options, std::size_t usual_n,
                                                 bool needs_topics = true);

}  // namespace topograph
