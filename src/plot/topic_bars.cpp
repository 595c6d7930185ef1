#include "topograph/plot/topic_bars.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plot/canvas.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

double largest_weight(const FigureTopic& topic) {
  double largest = 0;
  for (const TopicWord& word : topic.words) largest = std::max(largest, word.weight);
  return largest;
}

constexpr double kPanelWidth = 20;  ///< Usual, in font sizes.
constexpr std::size_t kHeadingLines = 2;

void draw_panel(Canvas& canvas, const Box& panel, const FigureTopic& topic, std::size_t n_words,
                double largest, std::size_t n_lines) {
  const TextStyle heading = canvas.style(1, true);
  double line_top = panel.top;
  for (const std::string& line :
       canvas.ruler().wrap(topic.name(), heading, panel.width(), n_lines)) {
    canvas.text(line, {panel.left, line_top}, heading, readable(topic.color, canvas.theme()),
                {.vertical = VerticalAnchor::top});
    line_top += canvas.line_height();
  }
  const double top = panel.top + canvas.line_height(static_cast<double>(n_lines) + 0.25);
  const double row = (panel.bottom - top) / static_cast<double>(std::max<std::size_t>(n_words, 1));
  const std::size_t n = std::min(n_words, topic.words.size());
  const double widest = panel.width() * 0.45;
  std::vector<std::string> words;
  double names = 0;
  for (std::size_t i = 0; i < n; ++i) {
    words.push_back(
        canvas.ruler().shorten(clean_line(topic.words[i].term), canvas.style(), widest));
    names = std::max(names, canvas.ruler().measure(words.back(), canvas.style()).width);
  }
  const double left = panel.left + names + 5;
  for (std::size_t i = 0; i < n; ++i) {
    const double y = top + row * static_cast<double>(i);
    const double share = largest > 0 ? std::max(topic.words[i].weight, 0.0) / largest : 0;
    canvas.rectangle({left, y + row * 0.14, left + (panel.right - left) * share, y + row * 0.86},
                     topic.color);
    canvas.text(words[i], {left - 5, y + row / 2}, canvas.style(), canvas.theme().ink,
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle});
  }
}

}  // namespace

Result<Scene> topic_bars(const FigureTopics& topics, const BarchartOptions& options,
                         const FigureOptions& figure) {
  const auto n = topics.topics.size();
  const std::size_t columns = std::min(idx(options.columns), std::max<std::size_t>(n, 1));
  const std::size_t rows = (n + columns - 1) / columns;
  const auto n_words = idx(options.n_words);
  const double row_height = figure.font_size * 1.55;
  // One line for all headings where all have room in one.
  TextRuler ruler(figure.font);
  const bool is_wide = std::ranges::any_of(topics.topics, [&](const FigureTopic& topic) {
    const TextStyle heading{.size = figure.font_size, .is_bold = true};
    return ruler.measure(topic.name(), heading).width > kPanelWidth * figure.font_size * 0.95;
  });
  const std::size_t n_lines = is_wide ? kHeadingLines : 1;
  const double panel_height = row_height * static_cast<double>(n_words) +
                              figure.font_size * (0.4 + 1.3 * static_cast<double>(n_lines));
  const double gap = figure.font_size * 2;
  const FigureSize usual{
      static_cast<double>(columns) * figure.font_size * (kPanelWidth + 2) + 0.4 * figure.font_size,
      static_cast<double>(rows) * (panel_height + gap) + figure.font_size * 0.6};
  TG_TRY(Canvas canvas, Canvas::begin(figure, usual));
  double largest = 0;
  for (const FigureTopic& topic : topics.topics) largest = std::max(largest, largest_weight(topic));
  const Box body = canvas.body();
  const double width =
      (body.width() - gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
  const double height = (body.height() + gap) / static_cast<double>(rows) - gap;
  for (std::size_t i = 0; i < n; ++i) {
    const double left = body.left + static_cast<double>(i % columns) * (width + gap);
    const double top = body.top + static_cast<double>(i / columns) * (height + gap);
    const FigureTopic& topic = topics.topics[i];
    draw_panel(canvas, {left, top, left + width, top + height}, topic, n_words,
               options.share_scale ? largest : largest_weight(topic), n_lines);
  }
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
