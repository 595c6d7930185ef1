#include "topograph/plot/topic_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axes.hpp"
#include "plot/canvas.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/dendrogram.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

/// Colour of each group: that of its largest topic.
std::vector<Color> group_colors(const FigureTopics& topics,
                                const std::vector<std::int32_t>& groups) {
  std::vector<const FigureTopic*> largest;
  for (std::size_t i = 0; i < topics.topics.size(); ++i) {
    const auto group = idx(groups[i]);
    if (group >= largest.size()) largest.resize(group + 1, nullptr);
    if (largest[group] == nullptr || topics.topics[i].count > largest[group]->count) {
      largest[group] = &topics.topics[i];
    }
  }
  std::vector<Color> colors;
  for (const FigureTopic* topic : largest) colors.push_back(topic->color);
  return colors;
}

/// Where the axis begins: at 0, or a little below the first merge where all of them are high.
double lowest_shown(const Linkage& linkage, double highest) {
  if (linkage.height.empty()) return 0;
  const double first = linkage.height.front();
  return first > highest / 2 ? std::max(0.0, first - 0.3 * (highest - first)) : 0;
}

/// A bracket per merge: from both children to the height at which they meet.
void draw_branches(Canvas& canvas, const Linkage& linkage, const Dendrogram& layout,
                   const std::vector<std::int32_t>& groups, const std::vector<Color>& colors,
                   const LinearScale& x, const LinearScale& y) {
  const std::size_t n = linkage.left.size() + 1;
  for (std::size_t i = 0; i < n - 1; ++i) {
    const std::size_t a = idx(linkage.left[i]);
    const std::size_t b = idx(linkage.right[i]);
    const double top = x(layout.height[n + i]);
    const Color color = groups[n + i] < 0 ? canvas.theme().muted
                                          : readable(colors[idx(groups[n + i])], canvas.theme());
    const auto start = [&](std::size_t node) {
      return x(std::max(layout.height[node], x.from_low));
    };
    canvas.polyline({{start(a), y(layout.position[a])},
                     {top, y(layout.position[a])},
                     {top, y(layout.position[b])},
                     {start(b), y(layout.position[b])}},
                    {color, 1.1});
  }
}

}  // namespace

Result<Scene> topic_tree(const FigureTopics& topics, const Linkage& linkage,
                         const std::string& axis, const TopicTreeOptions& options,
                         const FigureOptions& figure) {
  const std::size_t n = topics.topics.size();
  TG_EXPECTS(n >= 1 && linkage.left.size() + 1 == n);
  const double row = figure.font_size * 1.5;
  TG_TRY(Canvas canvas,
         Canvas::begin(figure, {.width = 380 + detail::name_room(topics, figure),
                                .height = std::max(
                                    150.0, static_cast<double>(n) * row + figure.font_size * 9)}));
  const Box body = canvas.body();
  const double pitch =
      (body.height() - detail::x_axis_height(canvas, axis)) / static_cast<double>(n);
  // Labels must not be taller than their rows.
  const double scale = std::min(1.0, pitch / (canvas.line_height() * 0.9));
  const TextStyle style = canvas.style(scale);
  std::vector<std::string> labels;
  double widest = 0;
  for (const FigureTopic& topic : topics.topics) {
    labels.push_back(canvas.ruler().shorten(topic.name(), style, body.width() * 0.5));
    widest = std::max(widest, canvas.ruler().measure(labels.back(), style).width);
  }
  const Box plot{body.left + widest + 6, body.top, body.right,
                 body.bottom - detail::x_axis_height(canvas, axis)};
  const Dendrogram layout = lay_out_dendrogram(linkage);
  const double highest = n > 1 ? std::max(layout.height.back(), 1e-12) : 1;
  const double low = lowest_shown(linkage, highest);
  const LinearScale x{low, highest + (highest - low) * 0.02, plot.left, plot.right};
  const LinearScale y{-0.5, static_cast<double>(n) - 0.5, plot.top, plot.bottom};
  detail::draw_x_axis(canvas, plot, x, linear_ticks(low, highest, 6), axis);
  const auto n_groups = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(n))));
  const auto groups = options.color_threshold
                          ? groups_below(linkage, layout, *options.color_threshold)
                          : groups_of_number(linkage, layout, n_groups);
  draw_branches(canvas, linkage, layout, groups, group_colors(topics, groups), x, y);
  for (std::size_t i = 0; i < n; ++i) {
    canvas.text(labels[i], {plot.left - 5, y(layout.position[i])}, style,
                readable(topics.topics[i].color, canvas.theme()),
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle});
  }
  if (n == 1) canvas.note("one topic: nothing to merge");
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
