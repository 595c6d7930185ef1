#include "plot/axes.hpp"

#include <algorithm>
#include <limits>

namespace topograph::detail {
namespace {
constexpr double kTickScale = 0.85;
constexpr double kGap = 4;
}  // namespace

void draw_x_axis(Canvas& canvas, const Box& plot, const LinearScale& scale, const Ticks& ticks,
                 std::string_view name) {
  const TextStyle small = canvas.style(kTickScale);
  double last_right = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double x = scale(ticks.values[i]);
    canvas.line({x, plot.top}, {x, plot.bottom}, {canvas.theme().grid, 0.6});
    const TextPlacement centered{.anchor = TextAnchor::middle, .vertical = VerticalAnchor::top};
    const Box box = canvas.text_box(ticks.texts[i], {x, plot.bottom + kGap}, small, centered);
    if (box.left < last_right + kGap) continue;
    canvas.text(ticks.texts[i], {x, plot.bottom + kGap}, small, canvas.theme().muted, centered);
    last_right = box.right;
  }
  if (!name.empty()) {
    canvas.text(
        name,
        {(plot.left + plot.right) / 2, plot.bottom + kGap + canvas.line_height(kTickScale) + 1},
        canvas.style(), canvas.theme().ink,
        {.anchor = TextAnchor::middle, .vertical = VerticalAnchor::top});
  }
}

double y_axis_width(Canvas& canvas, const Ticks& ticks, std::string_view name) {
  double width = 0;
  for (const std::string& text : ticks.texts) {
    width = std::max(width, canvas.ruler().measure(text, canvas.style(kTickScale)).width);
  }
  return width + kGap + 2 + (name.empty() ? 0 : canvas.line_height());
}

double x_axis_height(const Canvas& canvas, std::string_view name) {
  return kGap + canvas.line_height(kTickScale) + (name.empty() ? 0 : canvas.line_height() + 1);
}

void draw_y_axis(Canvas& canvas, const Box& plot, const LinearScale& scale, const Ticks& ticks,
                 std::string_view name) {
  const TextStyle small = canvas.style(kTickScale);
  double width = 0;
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double y = scale(ticks.values[i]);
    canvas.line({plot.left, y}, {plot.right, y}, {canvas.theme().grid, 0.6});
    width = std::max(
        width, canvas.text(ticks.texts[i], {plot.left - kGap, y}, small, canvas.theme().muted,
                           {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle}));
  }
  if (!name.empty()) {
    canvas.text(name, {plot.left - kGap - width - 4, (plot.top + plot.bottom) / 2}, canvas.style(),
                canvas.theme().ink,
                {.anchor = TextAnchor::middle, .vertical = VerticalAnchor::bottom, .angle = -90});
  }
}

}  // namespace topograph::detail
