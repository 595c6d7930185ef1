#include "plot/line_labels.hpp"

#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/plot/place_labels.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph::detail {
namespace {
constexpr double kScale = 0.88;
}

std::size_t draw_line_labels(Canvas& canvas, std::vector<LineLabel> labels, double line_end,
                             double left, double top, double bottom) {
  const double height = canvas.line_height(kScale) * 0.95;
  const auto most = static_cast<std::size_t>(std::max(0.0, (bottom - top) / height));
  const std::size_t n_left_out = labels.size() > most ? labels.size() - most : 0;
  labels.resize(labels.size() - n_left_out);
  std::ranges::stable_sort(labels, {}, &LineLabel::y);
  std::vector<double> wanted;
  for (const LineLabel& label : labels) wanted.push_back(label.y);
  const std::vector<double> sizes(labels.size(), height);
  const auto middles = spread_intervals(wanted, sizes, 0, top, bottom);
  const double room = canvas.body().right - left;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    canvas.polyline({{line_end, labels[i].y}, {left - 4, middles[i]}, {left - 2, middles[i]}},
                    {labels[i].color.with_alpha(0.6), 0.6});
    canvas.text(canvas.ruler().shorten(labels[i].text, canvas.style(kScale), room),
                {left, middles[i]}, canvas.style(kScale), readable(labels[i].color, canvas.theme()),
                {.vertical = VerticalAnchor::middle});
  }
  return n_left_out;
}

double line_labels_width(Canvas& canvas, const std::vector<LineLabel>& labels, double limit) {
  double widest = 0;
  for (const LineLabel& label : labels) {
    widest = std::max(widest, canvas.ruler().measure(label.text, canvas.style(kScale)).width);
  }
  return std::min(widest, limit);
}

void note_missing_names(Canvas& canvas, std::size_t n_missing) {
  if (n_missing == 0) return;
  canvas.note(counted(narrow<std::int64_t>(n_missing), "name", "names") + " found no room");
}

std::size_t draw_key(Canvas& canvas, const std::vector<LineLabel>& entries, const Box& box) {
  const double height = canvas.line_height(kScale);
  const double side = canvas.style(kScale).size * 0.8;
  double y = box.top + height / 2;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LineLabel& entry = entries[i];
    if (y + height / 2 > box.bottom) return entries.size() - i;
    canvas.rectangle({box.left, y - side / 2, box.left + side, y + side / 2}, entry.color);
    canvas.text(canvas.ruler().shorten(entry.text, canvas.style(kScale), box.width() - side - 5),
                {box.left + side + 5, y}, canvas.style(kScale), canvas.theme().ink,
                {.vertical = VerticalAnchor::middle});
    y += height;
  }
  return 0;
}

}  // namespace topograph::detail
