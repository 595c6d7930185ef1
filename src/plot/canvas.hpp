#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/palette.hpp"
#include "topograph/plot/scene.hpp"
#include "topograph/plot/text_ruler.hpp"

namespace topograph::detail {

enum class VerticalAnchor : std::uint8_t { top, middle, baseline, bottom };

/// How a line of text sits on its point.
struct TextPlacement {
  TextAnchor anchor = TextAnchor::left;
  VerticalAnchor vertical = VerticalAnchor::baseline;
  std::optional<Color> halo = {};
  double angle = 0;  ///< Degrees clockwise around the point.
};

struct Stroke {
  Color color = {};
  double width = 0.75;
  std::vector<double> dashes = {};
};

/// Collects the marks of one figure: the frame around the data (heading, notes) is the same for all
/// kinds, and text is measured as it will be drawn.
class Canvas {
 public:
  /// @param usual  Size without heading when the options name none.
  /// @error        option subject: size or palette that cannot be read.
  [[nodiscard]] static Result<Canvas> begin(const FigureOptions& options, FigureSize usual);

  [[nodiscard]] const ThemeColors& theme() const { return theme_; }
  [[nodiscard]] const Palette& palette() const { return palette_; }
  [[nodiscard]] TextRuler& ruler() { return ruler_; }
  /// What the heading and the line of notes leave for the data.
  [[nodiscard]] const Box& body() const { return body_; }
  /// Usual text, scaled; 1 is `font_size`.
  [[nodiscard]] TextStyle style(double scale = 1, bool is_bold = false) const {
    return {.size = font_size_ * scale, .is_bold = is_bold};
  }
  [[nodiscard]] double line_height(double scale = 1) const;

  void path(PathMark mark) { scene_.marks.emplace_back(std::move(mark)); }
  void dots(DotsMark mark) { scene_.marks.emplace_back(std::move(mark)); }
  void line(Point from, Point to, const Stroke& stroke);
  void polyline(const std::vector<Point>& points, const Stroke& stroke);
  void polygon(const std::vector<Point>& points, Color fill, const std::optional<Stroke>& stroke);
  void rectangle(const Box& box, Color fill);
  void circle(Point center, double radius, Color fill, const std::optional<Stroke>& stroke);
  /// Draws one line and returns its width.
  double text(std::string_view line, Point at, const TextStyle& style, Color color,
              const TextPlacement& placement = {});
  /// The box that `text` covers, without an angle.
  [[nodiscard]] Box text_box(std::string_view line, Point at, const TextStyle& style,
                             const TextPlacement& placement);
  void note(std::string text);

  [[nodiscard]] Scene finish();

 private:
  Canvas(const FigureOptions& options, FigureSize size, Palette palette);
  void draw_heading(const FigureOptions& options);

  Scene scene_ = {};
  ThemeColors theme_ = {};
  Palette palette_;
  TextRuler ruler_;
  double font_size_ = 9;
  double margin_ = 0;
  Box body_ = {};
};

}  // namespace topograph::detail
