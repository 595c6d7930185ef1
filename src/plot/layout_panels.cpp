#include "topograph/plot/layout_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/canvas.hpp"
#include "plot/line_labels.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

/// Low and high value of an axis without the outermost half percent.
std::pair<double, double> core_of(const Matrix<float>& layout, std::size_t axis) {
  std::vector<float> values;
  for (std::size_t i = 0; i < layout.rows(); ++i) values.push_back(layout[i, axis]);
  std::ranges::sort(values);
  const std::size_t skipped = values.size() / 200;
  return {static_cast<double>(values[skipped]),
          static_cast<double>(values[values.size() - 1 - skipped])};
}

/// Each axis fills the panel: these layouts have no common unit, and PCA's none at all.
std::size_t draw_panel(Canvas& canvas, const Box& box, const LayoutPanel& panel,
                       const FigureTopics& topics, std::span<const std::int32_t> topics_of) {
  canvas.text(canvas.ruler().shorten(panel.name, canvas.style(1.1, true), box.width()),
              {box.left, box.top}, canvas.style(1.1, true), canvas.theme().ink,
              {.vertical = VerticalAnchor::top});
  const Box plot{box.left, box.top + canvas.line_height(1.3), box.right, box.bottom};
  canvas.polygon({{plot.left, plot.top},
                  {plot.right, plot.top},
                  {plot.right, plot.bottom},
                  {plot.left, plot.bottom}},
                 canvas.theme().background, detail::Stroke{canvas.theme().grid, 0.8});
  const std::size_t n = panel.layout.rows();
  if (n == 0) return 0;
  const double radius = std::clamp(
      0.36 * std::sqrt(plot.width() * plot.height() / static_cast<double>(n) / 3.14), 0.35, 2.0);
  const auto [x_low, x_high] = core_of(panel.layout, 0);
  const auto [y_low, y_high] = core_of(panel.layout, 1);
  const Box inner = plot.inset(plot.width() * 0.05);
  const LinearScale x{x_low, x_high, inner.left, inner.right};
  const LinearScale y{y_low, y_high, inner.bottom, inner.top};
  const Box edge = plot.inset(radius);
  DotsMark grey{.colors = {canvas.theme().outlier.with_alpha(0.6)}, .radius = radius * 0.85};
  DotsMark dots{.radius = radius};
  for (const FigureTopic& topic : topics.topics)
    dots.colors.push_back(topic.color.with_alpha(0.65));
  std::size_t n_moved = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Point at{x(static_cast<double>(panel.layout[i, 0])),
                   y(static_cast<double>(panel.layout[i, 1]))};
    const Point shown{std::clamp(at.x, edge.left, edge.right),
                      std::clamp(at.y, edge.top, edge.bottom)};
    n_moved += shown == at ? 0U : 1U;
    const std::int32_t topic = topics.find(topics_of[i]);
    DotsMark& mark = topic < 0 ? grey : dots;
    mark.centers.push_back(shown);
    mark.color_ids.push_back(topic < 0 ? 0 : narrow<std::uint32_t>(topic));
  }
  canvas.dots(std::move(grey));
  canvas.dots(std::move(dots));
  return n_moved;
}

}  // namespace

Result<Scene> layout_panels(const FigureTopics& topics, std::span<const LayoutPanel> panels,
                            std::span<const std::int32_t> topics_of, std::optional<int> columns,
                            const FigureOptions& figure) {
  TG_EXPECTS(!panels.empty());
  const std::size_t n = panels.size();
  const std::size_t across = std::clamp<std::size_t>(
      columns ? idx(*columns) : std::min<std::size_t>(n, n == 6 ? 3 : 4), 1, n);
  const std::size_t down = (n + across - 1) / across;
  constexpr std::size_t most_names = 24;
  const std::size_t n_names = std::min(topics.topics.size(), most_names);
  const double key_room =
      n_names > 0 ? detail::name_room(topics, figure, 0.88, 26) + figure.font_size * 2 : 0;
  const double side = figure.font_size * 24;
  TG_TRY(Canvas canvas,
         Canvas::begin(figure,
                       {.width = static_cast<double>(across) * side + key_room + 22,
                        .height = static_cast<double>(down) * (side + 14) + figure.font_size * 5}));
  const Box body = canvas.body();
  const double gap = figure.font_size;
  const double width = (body.width() - key_room) / static_cast<double>(across);
  const double height = body.height() / static_cast<double>(down);
  std::size_t n_moved = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double left = body.left + width * static_cast<double>(i % across);
    const double top = body.top + height * static_cast<double>(i / across);
    n_moved += draw_panel(canvas, {left, top, left + width - gap, top + height - gap}, panels[i],
                          topics, topics_of);
  }
  std::vector<detail::LineLabel> key;
  for (std::size_t t = 0; t < n_names; ++t) {
    key.push_back({topics.topics[t].name(), topics.topics[t].color, 0});
  }
  const Box key_box{body.right - key_room + 4, body.top + canvas.line_height(1.3), body.right,
                    body.bottom};
  detail::note_missing_names(canvas, detail::draw_key(canvas, key, key_box));
  canvas.note(counted(narrow<std::int64_t>(topics_of.size()), "document", "documents"));
  if (n_moved > 0) {
    canvas.note(counted(narrow<std::int64_t>(n_moved), "far one", "far ones") +
                " drawn at the edge");
  }
  if (n_names < topics.topics.size()) {
    canvas.note(fmt::format("names of {} of {} topics", n_names, topics.topics.size()));
  }
  if (topics.n_in_model == 0) canvas.note("the model has no topics");
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
