#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

enum class MapLabels : std::uint8_t { beside, over, none };
template <>
struct EnumNames<MapLabels> {
  static constexpr std::array<std::string_view, 3> names{"beside", "over", "none"};
};

struct DocumentMapOptions {
  MapLabels labels = MapLabels::beside;
  int max_labels = 40;
  double sample = 1;
  std::optional<double> dot_size = {};
  double dot_opacity = 0.6;
  bool contours = true;
  bool glow = true;
  bool hide_outliers = false;
  bool hide_others = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("labels", s.labels, any_value(),
      "beside: in columns left and right of the map, with lines; over: on the map; none.");
    v("max_labels", s.max_labels, at_least(0), "Only the largest topics shown have a label.");
    v("sample", s.sample, between(0.0001, 1),
      "Share of the documents of every topic that is drawn.");
    v("dot_size", s.dot_size, above(0),
      "Diameter of a document in points (unset: by their number).");
    v("dot_opacity", s.dot_opacity, between(0.01, 1), "1 hides what lies below a dot.");
    v("contours", s.contours, any_value(), "Fine lines of equal density of all documents.");
    v("glow", s.glow, any_value(), "A shade of its colour under every topic.");
    v("hide_outliers", s.hide_outliers, any_value(), "Leave out documents without a topic.");
    v("hide_others", s.hide_others, any_value(),
      "Leave out documents of topics that are not shown; else they are grey.");
  }
};

/// Documents on the map; all borrowed.
struct DocumentMapInput {
  MatrixView<const float> layout = {};           ///< (n, 2)
  std::span<const std::int32_t> topics = {};     ///< (n) topic of each document.
  std::span<const std::uint8_t> is_placed = {};  ///< (n) 0: not on the map; empty: all are.
};

/// Kind `documents`: the map of all documents with placed labels.
///
/// @error       option subject: options that cannot be met; model subject: no document has a place.
/// @determinism Bit-identical for any thread count; the sample depends on the seed.
/// @cost        O(n); 20 000 documents take less than 0.2 s.
/// @peer        datamapplot 0.7.3 `create_plot`, BERTopic 0.17.4 `visualize_documents`.
[[nodiscard]] Result<Scene> document_map(const DocumentMapInput& input, const FigureTopics& topics,
                                         const DocumentMapOptions& options,
                                         const FigureOptions& figure, RunContext& run);

/// Where most documents of a group lie closest together: the member with the greatest kernel
/// density among at most 192 of them, so that labels point at ground that is really covered.
[[nodiscard]] Point densest_point(std::span<const Point> members);

}  // namespace topograph
