#include "plot/canvas.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "topograph/plot/scale.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kMaxHeadingChars = 300;

Point baseline_left(const TextExtent& extent, Point at, const TextPlacement& placement) {
  double dx = 0;
  if (placement.anchor == TextAnchor::middle) dx = -extent.width / 2;
  if (placement.anchor == TextAnchor::right) dx = -extent.width;
  double dy = 0;
  switch (placement.vertical) {
    case VerticalAnchor::top: dy = extent.ascent; break;
    // Letters without descender look centred around half the height of a capital.
    case VerticalAnchor::middle: dy = (extent.ascent - extent.descent) * 0.42; break;
    case VerticalAnchor::baseline: break;
    case VerticalAnchor::bottom: dy = -extent.descent; break;
  }
  const double turn = placement.angle * std::numbers::pi / 180;
  return {at.x + dx * std::cos(turn) - dy * std::sin(turn),
          at.y + dx * std::sin(turn) + dy * std::cos(turn)};
}

constexpr double kTitleScale = 1.6;
constexpr double kSubtitleScale = 1.1;
constexpr double kLineHeight = 1.3;
constexpr double kHeadingGap = 0.6;

double heading_height(const FigureOptions& options) {
  double height = options.title.empty() ? 0 : kTitleScale * kLineHeight;
  if (!options.subtitle.empty()) height += kSubtitleScale * kLineHeight;
  return height > 0 ? (height + kHeadingGap) * options.font_size : 0;
}

}  // namespace

Canvas::Canvas(const FigureOptions& options, FigureSize size, Palette palette)
    : theme_(theme_colors(options.theme)),
      palette_(std::move(palette)),
      ruler_(options.font),
      font_size_(options.font_size) {
  scene_.width = size.width;
  scene_.height = size.height;
  scene_.background = theme_.background;
  scene_.font = clean_line(options.font);
  margin_ = font_size_ * 1.2;
  const double foot = font_size_ * 1.3;
  body_ = {margin_, margin_, size.width - margin_, size.height - std::max(margin_, foot)};
}

double Canvas::line_height(double scale) const { return font_size_ * scale * kLineHeight; }

Result<Canvas> Canvas::begin(const FigureOptions& options, FigureSize usual) {
  usual.height += heading_height(options);
  TG_TRY(const FigureSize size, figure_size(options.size, usual));
  TG_TRY(Palette palette, Palette::parse(options));
  Canvas canvas(options, size, std::move(palette));
  canvas.draw_heading(options);
  return canvas;
}

void Canvas::draw_heading(const FigureOptions& options) {
  const std::string title = clean_line(options.title, kMaxHeadingChars);
  scene_.title = title;
  const auto add = [&](const std::string& line, double scale, bool is_bold, Color color) {
    if (line.empty()) return;
    const TextStyle heading = style(scale, is_bold);
    text(ruler_.shorten(line, heading, body_.width()), {body_.left, body_.top}, heading, color,
         {.vertical = VerticalAnchor::top});
    body_.top += line_height(scale);
  };
  add(title, kTitleScale, true, theme_.ink);
  add(clean_line(options.subtitle, kMaxHeadingChars), kSubtitleScale, false, theme_.muted);
  if (body_.top > margin_) body_.top += font_size_ * kHeadingGap;
}

void Canvas::line(Point from, Point to, const Stroke& stroke) { polyline({from, to}, stroke); }

void Canvas::polyline(const std::vector<Point>& points, const Stroke& stroke) {
  PathMark mark{.stroke = stroke.color, .stroke_width = stroke.width, .dashes = stroke.dashes};
  for (const Point p : points) {
    mark.steps.push_back({mark.steps.empty() ? PathStep::Kind::move : PathStep::Kind::line, p});
  }
  path(std::move(mark));
}

void Canvas::polygon(const std::vector<Point>& points, Color fill,
                     const std::optional<Stroke>& stroke) {
  PathMark mark{.fill = fill};
  for (const Point p : points) {
    mark.steps.push_back({mark.steps.empty() ? PathStep::Kind::move : PathStep::Kind::line, p});
  }
  mark.steps.push_back({PathStep::Kind::close});
  if (stroke) {
    mark.stroke = stroke->color;
    mark.stroke_width = stroke->width;
  }
  path(std::move(mark));
}

void Canvas::rectangle(const Box& box, Color fill) {
  polygon(
      {{box.left, box.top}, {box.right, box.top}, {box.right, box.bottom}, {box.left, box.bottom}},
      fill, std::nullopt);
}

void Canvas::circle(Point center, double radius, Color fill, const std::optional<Stroke>& stroke) {
  // Four cubic curves; the constant makes the greatest error 0.03 % of the radius.
  const double k = radius * 0.5519150244935106;
  const Point c = center;
  const double r = radius;
  using Kind = PathStep::Kind;
  PathMark mark{.fill = fill};
  mark.steps = {{Kind::move, {c.x + r, c.y}},
                {Kind::curve, {c.x, c.y + r}, {c.x + r, c.y + k}, {c.x + k, c.y + r}},
                {Kind::curve, {c.x - r, c.y}, {c.x - k, c.y + r}, {c.x - r, c.y + k}},
                {Kind::curve, {c.x, c.y - r}, {c.x - r, c.y - k}, {c.x - k, c.y - r}},
                {Kind::curve, {c.x + r, c.y}, {c.x + k, c.y - r}, {c.x + r, c.y - k}},
                {Kind::close}};
  if (stroke) {
    mark.stroke = stroke->color;
    mark.stroke_width = stroke->width;
  }
  path(std::move(mark));
}

double Canvas::text(std::string_view line, Point at, const TextStyle& style, Color color,
                    const TextPlacement& placement) {
  if (line.empty()) return 0;
  const TextExtent extent = ruler_.measure(line, style);
  scene_.marks.emplace_back(TextMark{.text = std::string(line),
                                     .style = style,
                                     .left = baseline_left(extent, at, placement),
                                     .width = extent.width,
                                     .color = color,
                                     .angle = placement.angle,
                                     .halo = placement.halo,
                                     .is_right_to_left = extent.is_right_to_left});
  return extent.width;
}

Box Canvas::text_box(std::string_view line, Point at, const TextStyle& style,
                     const TextPlacement& placement) {
  const TextExtent extent = ruler_.measure(line, style);
  const Point left = baseline_left(extent, at, placement);
  return {left.x, left.y - extent.ascent, left.x + extent.width, left.y + extent.descent};
}

void Canvas::note(std::string text) {
  if (!text.empty()) scene_.notes.push_back(std::move(text));
}

Scene Canvas::finish() {
  if (const std::int64_t n = ruler_.n_without_font(); n > 0) {
    note(grouped(n) + " lines have characters that no installed font draws");
  }
  std::string line;
  for (const std::string& text : scene_.notes) line += (line.empty() ? "" : " · ") + text;
  if (!line.empty()) {
    const TextStyle small = style(0.72);
    const std::string shown = ruler_.shorten(line, small, scene_.width - 2 * margin_);
    text(shown, {scene_.width - margin_, scene_.height - font_size_ * 0.45}, small, theme_.muted,
         {.anchor = TextAnchor::right});
  }
  return std::move(scene_);
}

}  // namespace topograph::detail
