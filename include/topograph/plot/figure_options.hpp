#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"

namespace topograph {

enum class FigureTheme : std::uint8_t { light, dark };
template <>
struct EnumNames<FigureTheme> {
  static constexpr std::array<std::string_view, 2> names{"light", "dark"};
};

/// What every kind of figure understands.
struct FigureOptions {
  std::string title = {};
  std::string subtitle = {};
  std::string size = {};
  int dpi = 200;
  std::string palette = "auto";
  std::string font = "Noto Sans";
  double font_size = 9;
  FigureTheme theme = FigureTheme::light;
  std::vector<std::string> topics = {};
  std::optional<int> n_topics = {};
  std::vector<std::string> labels = {};
  int max_label_chars = 80;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("title", s.title, any_value(), "Heading of the figure (empty: none).");
    v("subtitle", s.subtitle, any_value(), "A smaller line below the heading.");
    v("size", s.size, any_value(),
      "WIDTHxHEIGHT in inches, or with a unit: 7x5, 180x120mm, 1200x750px (a px is 1/96 inch; "
      "empty: what suits the kind).");
    v("dpi", s.dpi, between(10, 2400), "Pixels per inch of .png files.");
    v("palette", s.palette, any_value(),
      "auto (by place on the map; heatmaps: blues), okabe_ito, tol_bright, tol_muted, viridis, "
      "cividis, blues, greys, or colours of your own: #0072b2,#e69f00.");
    v("font", s.font, any_value(), "Font family; others fill in for scripts that it lacks.");
    v("font_size", s.font_size, between(2, 72), "Size of usual text in points.");
    v("theme", s.theme, any_value(), "Dark on light, or light on dark.");
    v("topics", s.topics, any_value(), "Only these topics, by number (empty: all).");
    v("n_topics", s.n_topics, at_least(1),
      "Only so many of the largest topics (unset: what suits the kind).");
    v("labels", s.labels, any_value(), "Labels of your own: NUMBER=TEXT, one per topic.");
    v("max_label_chars", s.max_label_chars, at_least(4),
      "Longer labels are cut to so many characters.");
  }
};

/// Width and height in points.
struct FigureSize {
  double width = 0;
  double height = 0;
};

/// Reads `size`; `usual` when it is empty. @error option subject: no such size, or one outside
/// 0.5 to 1000 inches.
[[nodiscard]] Result<FigureSize> figure_size(const std::string& size, FigureSize usual);

}  // namespace topograph
