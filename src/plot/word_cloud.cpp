#include "topograph/plot/word_cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/canvas.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/plot/pack_words.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

constexpr double kSmallest = 0.52;  ///< Size of the smallest words, of the font size: still read.
constexpr double kPixels = 2;       ///< Per point: small letters need shapes too.

struct CloudWord {
  std::string text = {};
  double share = 0;  ///< Of the largest size.
  bool is_vertical = false;
  TextStyle style = {};
  InkMask ink = {};
  MaskPadding padding = {};  ///< Words side by side keep the gap that a line of text has.
};

std::vector<CloudWord> words_of(const FigureTopic& topic, const WordCloudOptions& options) {
  std::vector<CloudWord> words;
  double largest = 0;
  for (const TopicWord& word : topic.words) largest = std::max(largest, word.weight);
  const RandomKey key = random_key(idx(topic.id), "plot.cloud");
  for (const TopicWord& word : topic.words) {
    if (words.size() == idx(options.n_words)) break;
    const std::string text = clean_line(word.term, 40);
    if (text.empty() || !(word.weight > 0)) continue;
    words.push_back({.text = text,
                     .share = std::max(std::pow(word.weight / largest, options.contrast), 0.12),
                     .is_vertical = uniform(key, words.size(), 0) < options.vertical});
  }
  return words;
}

/// Places at one size of the largest word.
std::vector<PackedPlace> pack_at(Canvas& canvas, std::vector<CloudWord>& words, const Box& panel,
                                 double size, const PackOptions& options) {
  std::vector<BitMask> masks;
  const double smallest = canvas.style().size * kSmallest;
  for (CloudWord& word : words) {
    word.style = {.size = std::max(size * word.share, std::min(smallest, size)),
                  .is_bold = word.share > 0.45};
    word.ink = canvas.ruler().ink(
        word.text, {.size = word.style.size * kPixels, .is_bold = word.style.is_bold});
    word.padding = {1 + static_cast<std::size_t>(word.style.size * kPixels * 0.11),
                    1 + static_cast<std::size_t>(word.style.size * kPixels * 0.03)};
    masks.push_back(BitMask::of_ink(word.ink, word.padding, word.is_vertical));
  }
  return pack_masks(masks, static_cast<std::size_t>(panel.width() * kPixels),
                    static_cast<std::size_t>(panel.height() * kPixels), options);
}

/// Size at which the words' boxes would cover the panel: more never fits.
double first_size(Canvas& canvas, const std::vector<CloudWord>& words, const Box& panel) {
  double area = 0;
  double widest = 1e-9;
  for (const CloudWord& word : words) {
    const double width = canvas.ruler().measure(word.text, {.size = 1}).width * word.share;
    area += width * word.share * 0.75;
    widest = std::max(widest, width);
  }
  return std::min({std::sqrt(panel.width() * panel.height() / area), panel.width() / widest * 0.98,
                   panel.height() * 0.8});
}

Color cloud_color(const FigureTopic& topic, double share, const ThemeColors& theme) {
  const Color strong = readable(topic.color, theme);
  return mix(mix(strong, theme.background, 0.25), strong, std::min(1.0, share * 1.4));
}

std::size_t draw_cloud(Canvas& canvas, const FigureTopic& topic, const Box& panel,
                       const WordCloudOptions& options) {
  std::vector<CloudWord> words = words_of(topic, options);
  if (words.empty()) return 0;
  // Rather a few words less than all of them too small to read.
  const double smallest = canvas.style().size * kSmallest * 3;
  double size = first_size(canvas, words, panel);
  auto places = pack_at(canvas, words, panel, size, {.all_or_none = true});
  while (!places.back().is_placed && size > smallest) {
    size *= 0.92;
    places = pack_at(canvas, words, panel, size, {.all_or_none = size > smallest});
  }
  const auto n_left = static_cast<std::size_t>(
      std::ranges::count_if(places, [](const PackedPlace& p) { return !p.is_placed; }));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!places[i].is_placed) continue;
    const CloudWord& word = words[i];
    const MaskPadding& padding = word.padding;
    const std::size_t pad_x = word.is_vertical ? padding.across : padding.along;
    const std::size_t pad_y = word.is_vertical ? padding.along : padding.across;
    const double left = panel.left + static_cast<double>(places[i].x + pad_x) / kPixels;
    const double top = panel.top + static_cast<double>(places[i].y + pad_y) / kPixels;
    const double along = -word.ink.left / kPixels;
    const double down = word.ink.baseline / kPixels;
    const double length = static_cast<double>(word.ink.width) / kPixels;
    const Point start = word.is_vertical ? Point{left + down, top + length - along}
                                         : Point{left + along, top + down};
    canvas.text(word.text, start, word.style, cloud_color(topic, word.share, canvas.theme()),
                {.angle = word.is_vertical ? -90.0 : 0.0});
  }
  return n_left;
}

}  // namespace

Result<Scene> word_cloud(const FigureTopics& topics, const WordCloudOptions& options,
                         const FigureOptions& figure, RunContext& run) {
  const std::size_t n = topics.topics.size();
  const auto square = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n) * 0.75)));
  const std::size_t columns =
      std::clamp<std::size_t>(options.columns ? idx(*options.columns) : square, 1, n);
  const std::size_t rows = (n + columns - 1) / columns;
  const bool is_grid = n > 1;
  const double heading = detail::name_room(topics, figure, 1.12, 26);  // bold letters are wider
  const double unit =
      std::max(figure.font_size * (is_grid ? 20 : 56), heading + 3.2 * figure.font_size);
  const FigureSize usual{static_cast<double>(columns) * unit,
                         static_cast<double>(rows) * unit * (is_grid ? 0.75 : 0.6)};
  TG_TRY(Canvas canvas, Canvas::begin(figure, usual));
  const Box body = canvas.body();
  const double width = body.width() / static_cast<double>(columns);
  const double height = body.height() / static_cast<double>(rows);
  const double gap = is_grid ? figure.font_size : 0;
  std::size_t n_left = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (run.stop_requested()) return cancelled();
    const FigureTopic& topic = topics.topics[i];
    const double left = body.left + width * static_cast<double>(i % columns);
    const double top = body.top + height * static_cast<double>(i / columns);
    Box panel{left + gap / 2, top, left + width - gap / 2, top + height - gap};
    const TextStyle bold = canvas.style(1, true);
    canvas.text(canvas.ruler().shorten(topic.name(), bold, panel.width()),
                {panel.center().x, panel.top}, bold, canvas.theme().muted,
                {.anchor = TextAnchor::middle, .vertical = VerticalAnchor::top});
    panel.top += canvas.line_height(1.2);
    if (panel.height() > 4 && panel.width() > 4)
      n_left += draw_cloud(canvas, topic, panel, options);
  }
  if (n_left > 0) {
    canvas.note(counted(narrow<std::int64_t>(n_left), "word", "words") + " found no room");
  }
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
