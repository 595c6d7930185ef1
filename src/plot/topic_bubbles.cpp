#include "topograph/plot/topic_bubbles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "plot/canvas.hpp"
#include "plot/map_scale.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/plot/place_labels.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

constexpr double kLabelScale = 0.92;

struct Bubble {
  const FigureTopic* topic = nullptr;
  Point center = {};
  double radius = 0;
};

std::vector<Bubble> place_bubbles(const FigureTopics& topics, std::span<const Point> places,
                                  const Box& room, double largest_radius) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> counts;
  for (std::size_t i = 0; i < places.size(); ++i) {
    x.push_back(places[i].x);
    y.push_back(places[i].y);
    counts.push_back(static_cast<double>(topics.topics[i].count));
  }
  const double largest = std::max(1.0, *std::ranges::max_element(counts));
  const detail::MapScale scale(detail::axis_span(x, counts), detail::axis_span(y, counts),
                               room.inset(largest_radius));
  std::vector<Bubble> bubbles;
  for (std::size_t i = 0; i < places.size(); ++i) {
    bubbles.push_back({&topics.topics[i], scale(x[i], y[i]),
                       std::max(largest_radius * std::sqrt(counts[i] / largest), 1.5)});
  }
  return bubbles;
}

/// The largest of 1, 2 or 5 times a power of ten that is at most `count`.
std::int64_t round_count(std::int64_t count) {
  std::int64_t power = 1;
  while (power <= count / 10) power *= 10;
  for (const std::int64_t factor : {5, 2}) {
    if (factor * power <= count) return factor * power;
  }
  return power;
}

/// A share of the smaller side; less where bubbles would cover more than a third of the room.
double largest_radius(const FigureTopics& topics, const Box& room,
                      const TopicBubbleOptions& options) {
  const double side = std::min(room.width(), room.height());
  if (options.largest) return side * *options.largest / 2;
  double largest = 1;
  double total = 0;
  for (const FigureTopic& topic : topics.topics) {
    largest = std::max(largest, static_cast<double>(topic.count));
    total += static_cast<double>(topic.count);
  }
  constexpr double usual = 0.16;
  const double area = std::max(room.width() * room.height(), 0.0) / 3;
  const double n_largest = std::max(total / largest, 1.0);
  return std::min(side * usual / 2, std::sqrt(area / n_largest / std::numbers::pi));
}

void draw_legend(Canvas& canvas, const Bubble& top, const Box& room) {
  const std::int64_t high = round_count(std::max<std::int64_t>(top.topic->count, 1));
  const auto radius_of = [&](std::int64_t count) {
    return top.radius * std::sqrt(static_cast<double>(count) /
                                  static_cast<double>(std::max<std::int64_t>(top.topic->count, 1)));
  };
  const double radius = radius_of(high);
  const Point center{room.left + radius + 4, room.bottom - radius};
  const detail::Stroke line{canvas.theme().muted, 0.6};
  for (const std::int64_t count : {high, round_count(std::max<std::int64_t>(high / 5, 1))}) {
    const double r = radius_of(count);
    canvas.circle({center.x, center.y + radius - r}, r, canvas.theme().background.with_alpha(0),
                  line);
    const double y = center.y + radius - 2 * r;
    canvas.line({center.x, y}, {center.x + radius + 4, y}, line);
    canvas.text(counted(count, "document", "documents"), {center.x + radius + 6, y},
                canvas.style(0.8), canvas.theme().muted, {.vertical = VerticalAnchor::middle});
  }
}

/// Numbers in the bubbles that have room for them.
void draw_numbers(Canvas& canvas, const std::vector<Bubble>& bubbles) {
  for (const Bubble& bubble : bubbles) {
    const std::string text = std::to_string(bubble.topic->id);
    const TextStyle style = canvas.style(0.85, true);
    if (canvas.ruler().measure(text, style).width > 1.7 * bubble.radius) continue;
    canvas.text(text, bubble.center, style, canvas.theme().ink,
                {.anchor = TextAnchor::middle,
                 .vertical = VerticalAnchor::middle,
                 .halo = canvas.theme().background.with_alpha(0.6)});
  }
}

/// Labels in columns on both sides, as on the map of documents.
struct SideLabels {
  std::vector<std::string> texts = {};
  std::vector<double> widths = {};
  double widest = 0;
};

SideLabels side_labels(Canvas& canvas, const FigureTopics& topics, bool has_labels) {
  SideLabels labels;
  const TextStyle style = canvas.style(kLabelScale);
  for (const FigureTopic& topic : topics.topics) {
    std::string text = std::to_string(topic.id);
    if (has_labels) text += " · " + topic.label;
    labels.texts.push_back(canvas.ruler().shorten(text, style, canvas.body().width() * 0.27));
    labels.widths.push_back(canvas.ruler().measure(labels.texts.back(), style).width + 2);
    labels.widest = std::max(labels.widest, labels.widths.back());
  }
  return labels;
}

void draw_labels(Canvas& canvas, const std::vector<Bubble>& bubbles, const SideLabels& labels,
                 const Box& room) {
  std::vector<LabelRequest> requests;
  for (std::size_t i = 0; i < bubbles.size(); ++i) {
    requests.push_back({bubbles[i].center, labels.widths[i], canvas.line_height(kLabelScale) * 0.95,
                        bubbles[i].radius});
  }
  const auto places = labels_beside(requests, room, 3);
  std::size_t n_missing = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LabelPlace& place = places[i];
    n_missing += place.is_placed ? 0U : 1U;
    if (!place.is_placed) continue;
    const Color ink = readable(bubbles[i].topic->color, canvas.theme());
    // The line ends where the bubble begins.
    const Point bend = place.leader_bend;
    const double dx = bubbles[i].center.x - bend.x;
    const double dy = bubbles[i].center.y - bend.y;
    const double share = 1 - std::min(1.0, bubbles[i].radius / std::max(std::hypot(dx, dy), 1e-9));
    canvas.polyline({place.leader_start, bend, {bend.x + dx * share, bend.y + dy * share}},
                    {ink.with_alpha(0.8), 0.5});
    const bool is_left = place.box.right <= room.left + 1e-9;
    canvas.text(labels.texts[i],
                {is_left ? place.box.right - 2 : place.box.left + 2, place.box.center().y},
                canvas.style(kLabelScale), ink,
                {.anchor = is_left ? TextAnchor::right : TextAnchor::left,
                 .vertical = VerticalAnchor::middle});
  }
  if (n_missing > 0) {
    canvas.note(fmt::format("{} of {} labels found no room", n_missing, places.size()));
  }
}

}  // namespace

Result<Scene> topic_bubbles(const FigureTopics& topics, std::span<const Point> places,
                            const TopicBubbleOptions& options, const FigureOptions& figure) {
  TG_EXPECTS(places.size() == topics.topics.size() && !places.empty());
  const double names =
      options.show_labels ? detail::name_room(topics, figure, kLabelScale, 20) : 20;
  TG_TRY(Canvas canvas, Canvas::begin(figure, {.width = 400 + 2 * names, .height = 430}));
  const SideLabels labels = side_labels(canvas, topics, options.show_labels);
  Box room = canvas.body();
  room.left += labels.widest;
  room.right -= labels.widest;
  const double radius = largest_radius(topics, room, options);
  const std::vector<Bubble> bubbles = place_bubbles(topics, places, room, radius);
  draw_labels(canvas, bubbles, labels, room);  // lines pass behind other bubbles
  std::vector<Bubble> by_size = bubbles;
  std::ranges::stable_sort(by_size, std::greater(), &Bubble::radius);
  for (const Bubble& bubble : by_size) {
    canvas.circle(bubble.center, bubble.radius, bubble.topic->color.with_alpha(0.55),
                  detail::Stroke{readable(bubble.topic->color, canvas.theme()), 0.7});
  }
  draw_numbers(canvas, by_size);
  draw_legend(canvas, by_size.front(), room);
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
