#include "plot/map_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "topograph/core/narrow.hpp"
#include "topograph/plot/place_labels.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph::detail {
namespace {

/// Larger topics have larger labels, within limits that keep all of them readable.
double label_scale(std::int64_t count, std::int64_t largest, std::size_t n_topics) {
  const double share =
      largest > 0 ? std::sqrt(static_cast<double>(count) / static_cast<double>(largest)) : 1;
  const double crowd = n_topics > 45 ? 0.78 : n_topics > 28 ? 0.88 : 1;
  return crowd * (0.85 + 0.3 * share);
}

/// Positions of the n largest topics, in order of position.
std::vector<std::size_t> largest_topics(const FigureTopics& topics, std::size_t n) {
  std::vector<std::size_t> order(topics.topics.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t i) { return topics.topics[i].count; });
  order.resize(std::min(n, order.size()));
  std::ranges::sort(order);
  return order;
}

}  // namespace

MapLabelTexts::MapLabelTexts(Canvas& canvas, const FigureTopics& topics,
                             const DocumentMapOptions& options)
    : where_(options.labels) {
  if (where_ == MapLabels::none) return;
  const std::vector<std::size_t> labelled = largest_topics(topics, idx(options.max_labels));
  const std::size_t n = labelled.size();
  std::int64_t largest = 0;
  for (const FigureTopic& topic : topics.topics) largest = std::max(largest, topic.count);
  const bool is_beside = where_ == MapLabels::beside;
  const double widest = is_beside ? canvas.body().width() * 0.2 : canvas.style().size * 13;
  // Lines are cut only where two full columns leave no room for another one.
  for (std::size_t max_lines = 3; max_lines > 0; --max_lines) {
    texts_.clear();
    double height = 0;
    gap_ = canvas.style().size * (max_lines == 1 ? 0.25 : 0.5);
    for (const std::size_t at : labelled) {
      const FigureTopic& topic = topics.topics[at];
      const double scale = label_scale(topic.count, largest, n);
      Text text{.topic = at, .style = canvas.style(scale, true)};
      text.lines = canvas.ruler().wrap(topic.label, text.style, widest, max_lines);
      text.line_height = canvas.line_height(scale) * 0.93;
      for (const std::string& line : text.lines) {
        text.width = std::max(text.width, canvas.ruler().measure(line, text.style).width);
      }
      text.height = text.line_height * static_cast<double>(text.lines.size());
      height += text.height + gap_;
      texts_.push_back(std::move(text));
    }
    constexpr double fullest = 1.8;  // of two columns: sides are rarely equally full
    if (!is_beside || height <= fullest * canvas.body().height()) break;
  }
  for (const Text& text : texts_) column_width_ = std::max(column_width_, text.width);
}

Box MapLabelTexts::map_room(const Box& body) const {
  if (where_ != MapLabels::beside || texts_.empty()) return body;
  return {body.left + column_width_, body.top, body.right - column_width_, body.bottom};
}

void MapLabelTexts::draw(Canvas& canvas, const std::vector<MapGround>& grounds,
                         const Box& room) const {
  if (where_ == MapLabels::none) return;
  std::vector<LabelRequest> requests;
  for (const Text& text : texts_) {
    const MapGround& ground = grounds[text.topic];
    const Point anchor = ground.members.empty() ? room.center() : densest_point(ground.members);
    requests.push_back({anchor, text.width, text.height, static_cast<double>(ground.topic->count)});
  }
  const bool is_beside = where_ == MapLabels::beside;
  const auto places = is_beside ? labels_beside(requests, room, gap_)
                                : labels_over(requests, canvas.body(), gap_, room.width() * 0.3);
  std::size_t n_missing = 0;
  const ThemeColors& theme = canvas.theme();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LabelPlace& place = places[i];
    n_missing += place.is_placed ? 0 : 1;
    if (!place.is_placed || !place.has_leader) continue;
    const Color ink = readable(grounds[texts_[i].topic].topic->color, theme);
    const Point anchor = requests[i].anchor;
    canvas.polyline({place.leader_start, place.leader_bend, anchor},
                    {theme.background.with_alpha(0.75), 1.8});
    canvas.polyline({place.leader_start, place.leader_bend, anchor}, {ink.with_alpha(0.85), 0.6});
    canvas.circle(anchor, 1.3, ink, Stroke{theme.background, 0.5});
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LabelPlace& place = places[i];
    if (!place.is_placed) continue;
    const Text& text = texts_[i];
    const bool is_left = is_beside && place.box.right <= room.left + 1e-9;
    TextPlacement placement{.anchor = TextAnchor::middle, .vertical = VerticalAnchor::middle};
    if (!is_beside) placement.halo = theme.background.with_alpha(0.85);
    double x = place.box.center().x;
    if (is_beside) {
      placement.anchor = is_left ? TextAnchor::right : TextAnchor::left;
      x = is_left ? place.box.right - 2 : place.box.left + 2;
    }
    const Color ink =
        is_beside ? readable(grounds[texts_[i].topic].topic->color, theme) : theme.ink;
    double y = place.box.top + text.line_height / 2;
    for (const std::string& line : text.lines) {
      canvas.text(line, {x, y}, text.style, ink, placement);
      y += text.line_height;
    }
  }
  if (n_missing > 0) {
    canvas.note(fmt::format("{} of {} labels found no room", n_missing, places.size()));
  }
  if (texts_.size() < grounds.size()) {
    canvas.note(fmt::format("labels of the {} largest of {} topics", texts_.size(),
                            grouped(narrow<std::int64_t>(grounds.size()))));
  }
}

}  // namespace topograph::detail
