#include "topograph/plot/topic_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axes.hpp"
#include "plot/canvas.hpp"
#include "plot/line_labels.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::LineLabel;

namespace {

/// Weights from the best down, positive ones only.
std::vector<double> ranked(const FigureTopic& topic, std::size_t n) {
  std::vector<double> weights;
  for (const TopicWord& word : topic.words) {
    if (word.weight > 0) weights.push_back(word.weight);
  }
  std::ranges::sort(weights, std::greater());
  weights.resize(std::min(n, weights.size()));
  return weights;
}

/// Rank 1 and about eight round ones.
Ticks rank_ticks(std::size_t last) {
  Ticks ticks{{1}, {"1"}};
  const std::size_t step = last <= 10 ? 1 : (last + 39) / 40 * 5;
  for (std::size_t rank = step == 1 ? 2 : step; rank <= last; rank += step) {
    ticks.values.push_back(static_cast<double>(rank));
    ticks.texts.push_back(std::to_string(rank));
  }
  return ticks;
}

/// Room for names on the right, an axis below and one on the left.
Box plot_box(Canvas& canvas, const std::vector<LineLabel>& labels, const Ticks& y_ticks,
             std::string_view x_name, std::string_view y_name) {
  const Box body = canvas.body();
  const double names = detail::line_labels_width(canvas, labels, body.width() * 0.42);
  return {body.left + detail::y_axis_width(canvas, y_ticks, y_name), body.top + 2,
          body.right - names - 22, body.bottom - detail::x_axis_height(canvas, x_name)};
}

double value_of(const TimeCounts& series, std::size_t bin, std::size_t topic, SeriesShare share) {
  const double count = series.counts[bin, topic];
  double whole = 1;
  if (share == SeriesShare::time) whole = series.totals[bin];
  if (share == SeriesShare::topic) {
    whole = 0;
    for (std::size_t b = 0; b < series.counts.rows(); ++b) whole += series.counts[b, topic];
  }
  return whole > 0 ? count / whole : 0;
}

}  // namespace

Result<Scene> term_rank_lines(const FigureTopics& topics, const TermRankOptions& options,
                              const FigureOptions& figure) {
  TG_TRY(Canvas canvas,
         Canvas::begin(figure,
                       {.width = 420 + detail::name_room(topics, figure, 0.88), .height = 340}));
  std::vector<std::vector<double>> lines;
  double highest = 0;
  double lowest = 1e300;
  std::size_t longest = 2;
  for (const FigureTopic& topic : topics.topics) {
    lines.push_back(ranked(topic, idx(options.n_ranks)));
    longest = std::max(longest, lines.back().size());
    if (lines.back().empty()) continue;
    highest = std::max(highest, lines.back().front());
    lowest = std::min(lowest, lines.back().back());
  }
  if (highest <= 0) {
    return model_error(ErrorCode::not_found, "topics.json", "no topic has words with weights");
  }
  const bool is_log = options.log_scale;
  lowest = is_log ? lowest * 0.9 : 0;
  Ticks y_ticks = is_log ? log_ticks(lowest, highest) : linear_ticks(0, highest, 6);
  std::vector<LineLabel> labels;
  for (const FigureTopic& topic : topics.topics) labels.push_back({topic.name(), topic.color, 0});
  const Box plot = plot_box(canvas, labels, y_ticks, "rank of the word", "weight (class TF-IDF)");
  const auto on_axis = [is_log](double value) { return is_log ? std::log10(value) : value; };
  const LinearScale y{on_axis(is_log ? lowest : 0), on_axis(highest * 1.03), plot.bottom, plot.top};
  const LinearScale x{1, static_cast<double>(longest), plot.left, plot.right};
  if (is_log) {
    for (double& value : y_ticks.values) value = std::log10(value);
  }
  const Ticks ranks = rank_ticks(longest);
  detail::draw_x_axis(canvas, plot, x, ranks, "rank of the word");
  detail::draw_y_axis(canvas, plot, y, y_ticks, "weight (class TF-IDF)");
  for (std::size_t t = 0; t < lines.size(); ++t) {
    std::vector<Point> points;
    for (std::size_t r = 0; r < lines[t].size(); ++r) {
      points.push_back({x(static_cast<double>(r + 1)), y(on_axis(lines[t][r]))});
    }
    if (points.empty()) continue;
    canvas.polyline(points, {topics.topics[t].color.with_alpha(0.85), 1.2});
    labels[t].y = points.back().y;
    if (points.back().x < plot.right) {
      canvas.line(points.back(), {plot.right, points.back().y},
                  {topics.topics[t].color.with_alpha(0.25), 0.6});
    }
  }
  detail::note_missing_names(
      canvas,
      detail::draw_line_labels(canvas, labels, plot.right, plot.right + 16, plot.top, plot.bottom));
  canvas.note(topics.note());
  return canvas.finish();
}

Result<Scene> topic_time_lines(const FigureTopics& topics, const TimeCounts& series,
                               const OverTimeOptions& options, const FigureOptions& figure) {
  TG_EXPECTS(series.counts.rows() == series.times.size() && !series.times.empty());
  TG_TRY(Canvas canvas,
         Canvas::begin(figure,
                       {.width = 460 + detail::name_room(topics, figure, 0.88), .height = 320}));
  double highest = 0;
  for (std::size_t b = 0; b < series.times.size(); ++b) {
    for (std::size_t t = 0; t < topics.topics.size(); ++t) {
      highest = std::max(highest, value_of(series, b, t, options.share));
    }
  }
  highest = highest > 0 ? highest : 1;
  const bool is_share = options.share != SeriesShare::none;
  const double unit = is_share ? 100 : 1;
  const std::string per = series.span.empty() ? "" : " per " + series.span;
  const std::string name =
      options.share == SeriesShare::none ? "documents" + per
      : options.share == SeriesShare::time
          ? fmt::format("% of all documents of the {}", series.span.empty() ? "time" : series.span)
          : "% of the topic's documents" + per;
  const Ticks y_ticks = linear_ticks(0, highest * unit, 6);
  std::vector<LineLabel> labels;
  for (const FigureTopic& topic : topics.topics) labels.push_back({topic.name(), topic.color, 0});
  const Box plot = plot_box(canvas, labels, y_ticks, "", name);
  const LinearScale x{static_cast<double>(series.times.front()),
                      static_cast<double>(series.times.back()), plot.left + 3, plot.right};
  const LinearScale y{0, highest * unit * 1.03, plot.bottom, plot.top};
  const auto n_ticks = static_cast<std::size_t>(plot.width() / (figure.font_size * 4.5));
  detail::draw_x_axis(
      canvas, plot, x,
      time_ticks(series.times.front(), series.times.back(), n_ticks, series.span_months), "");
  detail::draw_y_axis(canvas, plot, y, y_ticks, name);
  for (std::size_t t = 0; t < topics.topics.size(); ++t) {
    std::vector<Point> points;
    for (std::size_t b = 0; b < series.times.size(); ++b) {
      points.push_back({x(static_cast<double>(series.times[b])),
                        y(value_of(series, b, t, options.share) * unit)});
    }
    labels[t].y = points.back().y;
    canvas.polyline(points, {topics.topics[t].color, 1.4});
    for (const Point p : points) canvas.circle(p, 1.3, topics.topics[t].color, std::nullopt);
  }
  detail::note_missing_names(
      canvas,
      detail::draw_line_labels(canvas, labels, plot.right, plot.right + 16, plot.top, plot.bottom));
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
