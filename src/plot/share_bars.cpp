#include "topograph/plot/share_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "plot/axes.hpp"
#include "plot/canvas.hpp"
#include "plot/line_labels.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::LineLabel;
using detail::VerticalAnchor;

namespace {

double widest_name(Canvas& canvas, std::vector<std::string>& names, double limit) {
  double widest = 0;
  for (std::string& name : names) {
    name = canvas.ruler().shorten(name, canvas.style(), limit);
    widest = std::max(widest, canvas.ruler().measure(name, canvas.style()).width);
  }
  return widest;
}

std::vector<std::size_t> largest_rows(const ClassCounts& classes, std::size_t n) {
  std::vector<std::size_t> order(classes.names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t r) { return classes.totals[r]; });
  order.resize(std::min(n, order.size()));
  return order;
}

}  // namespace

Result<Scene> class_bars(const FigureTopics& topics, const ClassCounts& classes,
                         const PerClassOptions& options, const FigureOptions& figure) {
  const std::vector<std::size_t> rows = largest_rows(classes, idx(options.max_classes));
  const double row = figure.font_size * 2;
  std::vector<std::string> names;
  double largest = 1;
  for (const std::size_t r : rows) {
    names.push_back(clean_line(classes.names[r], idx(figure.max_label_chars)));
    largest = std::max(largest, static_cast<double>(classes.totals[r]));
  }
  const double name_room =
      detail::name_room(names, figure, 1, 20) + detail::name_room(topics, figure, 0.88, 24);
  const auto n_lines =
      static_cast<double>(std::max(rows.size(), (topics.topics.size() + 1) * 2 / 3));
  TG_TRY(Canvas canvas,
         Canvas::begin(figure, {.width = 420 + name_room,
                                .height = std::max(170.0, n_lines * row + figure.font_size * 5)}));
  const Box body = canvas.body();
  const double left = body.left + widest_name(canvas, names, body.width() * 0.28) + 6;
  std::vector<LineLabel> key;
  for (const FigureTopic& topic : topics.topics) key.push_back({topic.name(), topic.color, 0});
  key.push_back({"other", canvas.theme().outlier, 0});
  const double key_width = detail::line_labels_width(canvas, key, body.width() * 0.33) + 16;
  const char* axis = options.normalize ? "% of the class" : "documents";
  const Box plot{left, body.top, body.right - key_width - 14,
                 body.bottom - detail::x_axis_height(canvas, axis)};
  const LinearScale x{0, options.normalize ? 100 : largest, plot.left, plot.right};
  detail::draw_x_axis(canvas, plot, x, linear_ticks(0, x.from_high, 5), axis);
  const double height = plot.height() / static_cast<double>(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::size_t r = rows[k];
    const double top = plot.top + height * static_cast<double>(k);
    const auto total = static_cast<double>(classes.totals[r]);
    const double unit = options.normalize ? 100 / std::max(total, 1.0) : 1;
    double at = 0;
    const auto bar = [&](double value, Color color) {
      if (value <= 0) return;
      const double low = top + height * 0.14;
      const double high = top + height * 0.86;
      canvas.polygon({{x(at * unit), low},
                      {x((at + value) * unit), low},
                      {x((at + value) * unit), high},
                      {x(at * unit), high}},
                     color, detail::Stroke{canvas.theme().background, 0.4});
      at += value;
    };
    for (std::size_t t = 0; t < topics.topics.size(); ++t) {
      bar(static_cast<double>(classes.counts[r, t]), topics.topics[t].color);
    }
    bar(total - at, canvas.theme().outlier);
    canvas.text(names[k], {plot.left - 5, top + height / 2}, canvas.style(), canvas.theme().ink,
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle});
  }
  detail::note_missing_names(
      canvas, detail::draw_key(canvas, key, {plot.right + 14, plot.top, body.right, body.bottom}));
  if (rows.size() < classes.names.size()) {
    canvas.note(fmt::format("the {} largest of {} classes", rows.size(),
                            grouped(narrow<std::int64_t>(classes.names.size()))));
  }
  canvas.note(topics.note());
  return canvas.finish();
}

Result<Scene> distribution_bars(const FigureTopics& topics, const DocumentShares& document,
                                const DistributionOptions& options, const FigureOptions& figure) {
  struct Bar {
    std::string name;
    double share;
    Color color;
  };
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < document.topics.size(); ++i) {
    const std::int32_t at = topics.find(document.topics[i]);
    if (at < 0 || document.shares[i] < options.min_probability) continue;
    bars.push_back(
        {topics.topics[idx(at)].name(), document.shares[i], topics.topics[idx(at)].color});
  }
  std::ranges::stable_sort(bars, std::greater(), &Bar::share);
  const ThemeColors theme = theme_colors(figure.theme);
  const bool has_topics = !bars.empty();
  double rest = 1 - document.noise;
  for (const Bar& bar : bars) rest -= bar.share;
  constexpr double seen = 0.0005;  // what is written as 0.1 % or more
  if (rest >= seen) bars.push_back({"other topics", rest, mix(theme.outlier, theme.grid, 0.5)});
  if (document.noise >= seen) bars.push_back({"no topic", document.noise, theme.outlier});
  const double row = figure.font_size * 2;
  TG_TRY(Canvas canvas,
         Canvas::begin(figure,
                       {.width = 480,
                        .height = static_cast<double>(std::max<std::size_t>(bars.size(), 2)) * row +
                                  figure.font_size * 10}));
  const Box body = canvas.body();
  double top = body.top;
  for (const std::string& line :
       canvas.ruler().wrap("“" + clean_line(document.text, 220) + "”",
                           {.size = canvas.style().size, .is_italic = true}, body.width(), 2)) {
    canvas.text(line, {body.left, top}, {.size = canvas.style().size, .is_italic = true},
                canvas.theme().muted, {.vertical = VerticalAnchor::top});
    top += canvas.line_height();
  }
  std::vector<std::string> names;
  double largest = 0.01;
  for (const Bar& bar : bars) {
    names.push_back(bar.name);
    largest = std::max(largest, bar.share);
  }
  const double left = body.left + widest_name(canvas, names, body.width() * 0.45) + 6;
  const Box plot{left, top + 4, body.right - figure.font_size * 3.4,
                 body.bottom - detail::x_axis_height(canvas, "%")};
  const LinearScale x{0, largest * 100, plot.left, plot.right};
  detail::draw_x_axis(canvas, plot, x, linear_ticks(0, largest * 100, 5), "% of the document");
  const double height = plot.height() / static_cast<double>(std::max<std::size_t>(bars.size(), 1));
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = plot.top + height * (static_cast<double>(i) + 0.5);
    const double half = std::min(height * 0.36, row * 0.4);
    canvas.rectangle({plot.left, y - half, x(bars[i].share * 100), y + half}, bars[i].color);
    canvas.text(names[i], {plot.left - 5, y}, canvas.style(), canvas.theme().ink,
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle});
    canvas.text(fmt::format("{:.1f}", bars[i].share * 100), {x(bars[i].share * 100) + 4, y},
                canvas.style(0.9), canvas.theme().muted, {.vertical = VerticalAnchor::middle});
  }
  if (!has_topics) {
    canvas.note(fmt::format("no topic has {:.3g} % or more", options.min_probability * 100));
  }
  return canvas.finish();
}

}  // namespace topograph
