#include "topograph/plot/document_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/canvas.hpp"
#include "plot/map_labels.hpp"
#include "plot/map_scale.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/plot/density.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::AxisSpan;
using detail::Canvas;
using detail::MapGround;
using detail::MapScale;

namespace {

/// Documents that are drawn, by what they are drawn as.
struct Drawn {
  std::vector<std::vector<std::size_t>> of_topic = {};
  std::vector<std::size_t> others = {};  ///< Of topics that are not shown.
  std::vector<std::size_t> outliers = {};
  std::size_t n_placed = 0;
};

void keep_sample(std::vector<std::size_t>& rows, double share, std::uint64_t seed) {
  if (share >= 1 || rows.empty()) return;
  const auto n = static_cast<std::size_t>(std::ceil(static_cast<double>(rows.size()) * share));
  // The first row names the stream: adding a topic does not change the draw of the others.
  const RandomKey key = random_key(seed + rows[0], "plot.sample");
  std::vector<std::size_t> kept;
  for (const std::int32_t at : sample_without_replacement(key, rows.size(), n)) {
    kept.push_back(rows[idx(at)]);
  }
  rows = std::move(kept);
}

Drawn choose_documents(const DocumentMapInput& input, const FigureTopics& topics,
                       const DocumentMapOptions& options, std::uint64_t seed) {
  Drawn drawn;
  drawn.of_topic.resize(topics.topics.size());
  for (std::size_t row = 0; row < input.topics.size(); ++row) {
    if (!input.is_placed.empty() && input.is_placed[row] == 0) continue;
    ++drawn.n_placed;
    const std::int32_t topic = input.topics[row];
    const std::int32_t at = topics.find(topic);
    if (at >= 0) {
      drawn.of_topic[idx(at)].push_back(row);
    } else if (topic < 0) {
      if (!options.hide_outliers) drawn.outliers.push_back(row);
    } else if (!options.hide_others) {
      drawn.others.push_back(row);
    }
  }
  for (auto& rows : drawn.of_topic) keep_sample(rows, options.sample, seed);
  keep_sample(drawn.others, options.sample, seed);
  keep_sample(drawn.outliers, options.sample, seed);
  return drawn;
}

AxisSpan span_of(const DocumentMapInput& input, std::size_t axis) {
  std::vector<double> values;
  for (std::size_t row = 0; row < input.topics.size(); ++row) {
    if (!input.is_placed.empty() && input.is_placed[row] == 0) continue;
    values.push_back(static_cast<double>(input.layout[row, axis]));
  }
  return detail::axis_span(values, {});
}

std::vector<Point> points_of(const std::vector<std::size_t>& rows, const DocumentMapInput& input,
                             const MapScale& scale) {
  std::vector<Point> points;
  points.reserve(rows.size());
  for (const std::size_t row : rows) {
    points.push_back(scale(static_cast<double>(input.layout[row, 0]),
                           static_cast<double>(input.layout[row, 1])));
  }
  return points;
}

void fill_contours(Canvas& canvas, const DensityGrid& grid, double level, Color fill) {
  PathMark mark{.fill = fill};
  for (const auto& line : contour_lines(grid, level)) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      mark.steps.push_back({i == 0 ? PathStep::Kind::move : PathStep::Kind::line, line[i]});
    }
    mark.steps.push_back({PathStep::Kind::close});
  }
  if (!mark.steps.empty()) canvas.path(std::move(mark));
}

void draw_contours(Canvas& canvas, const std::vector<Point>& all, double side) {
  const DensityGrid grid = density_grid(all, side * 0.022, side / 220);
  for (const double share : {0.06, 0.2, 0.45}) {
    PathMark mark{.stroke = mix(canvas.theme().grid, canvas.theme().muted, 0.25).with_alpha(0.8),
                  .stroke_width = 0.5};
    for (const auto& line : contour_lines(grid, share * static_cast<double>(grid.highest))) {
      for (std::size_t i = 0; i < line.size(); ++i) {
        mark.steps.push_back({i == 0 ? PathStep::Kind::move : PathStep::Kind::line, line[i]});
      }
      mark.steps.push_back({PathStep::Kind::close});
    }
    if (!mark.steps.empty()) canvas.path(std::move(mark));
  }
}

/// A grid as fine as the whole map's would cost too much for each of many topics.
void draw_glow(Canvas& canvas, const std::vector<MapGround>& grounds, std::size_t n_drawn,
               double side, bool is_dark) {
  const double cell = side / (grounds.size() > 200 ? 90 : 150);
  for (const MapGround& ground : grounds) {
    // A few documents make no ground.
    if (ground.members.size() * 400 < n_drawn) continue;
    const DensityGrid grid = density_grid(ground.members, side * 0.014, cell);
    const auto highest = static_cast<double>(grid.highest);
    fill_contours(canvas, grid, highest * 0.12,
                  ground.topic->color.with_alpha(is_dark ? 0.1 : 0.09));
    fill_contours(canvas, grid, highest * 0.4, ground.topic->color.with_alpha(0.09));
  }
}

/// All dots in one mark, in the order of their rows, so that no topic covers another.
void draw_dots(Canvas& canvas, const Drawn& drawn, const std::vector<MapGround>& grounds,
               double radius, double opacity) {
  DotsMark mark{.radius = radius};
  struct Dot {
    std::size_t row;
    Point at;
    std::uint32_t color_id;
  };
  std::vector<Dot> dots;
  for (std::size_t t = 0; t < grounds.size(); ++t) {
    mark.colors.push_back(grounds[t].topic->color.with_alpha(opacity));
    for (std::size_t i = 0; i < grounds[t].members.size(); ++i) {
      dots.push_back({drawn.of_topic[t][i], grounds[t].members[i], narrow<std::uint32_t>(t)});
    }
  }
  std::ranges::sort(dots, {}, &Dot::row);
  for (const Dot& dot : dots) {
    mark.centers.push_back(dot.at);
    mark.color_ids.push_back(dot.color_id);
  }
  canvas.dots(std::move(mark));
}

void draw_grey(Canvas& canvas, std::vector<Point> points, double radius, double opacity) {
  if (points.empty()) return;
  DotsMark mark{.centers = std::move(points),
                .colors = {canvas.theme().outlier.with_alpha(opacity)},
                .radius = radius};
  mark.color_ids.assign(mark.centers.size(), 0);
  canvas.dots(std::move(mark));
}

double usual_radius(const Box& room, std::size_t n) {
  const double area = room.width() * room.height() / std::max(1.0, static_cast<double>(n));
  return std::clamp(0.4 * std::sqrt(area / std::acos(-1.0)), 0.3, 2.4);
}

void note_counts(Canvas& canvas, const DocumentMapInput& input, const Drawn& drawn,
                 const DocumentMapOptions& options, const MapScale& scale) {
  std::string text = counted(narrow<std::int64_t>(drawn.n_placed), "document", "documents");
  if (options.sample < 1) text += fmt::format(", {:.4g} % drawn", options.sample * 100);
  const std::size_t n_unplaced = input.topics.size() - drawn.n_placed;
  if (n_unplaced > 0) {
    text += fmt::format(", {} without a place", grouped(narrow<std::int64_t>(n_unplaced)));
  }
  canvas.note(text);
  std::int64_t n_drawn_in = 0;
  for (std::size_t row = 0; row < input.topics.size(); ++row) {
    if (!input.is_placed.empty() && input.is_placed[row] == 0) continue;
    n_drawn_in += scale.is_drawn_in(static_cast<double>(input.layout[row, 0]),
                                    static_cast<double>(input.layout[row, 1]))
                      ? 1
                      : 0;
  }
  if (n_drawn_in > 0) canvas.note(counted(n_drawn_in, "far one", "far ones") + " drawn nearer");
}

}  // namespace

Point densest_point(std::span<const Point> members) {
  if (members.empty()) return {};
  constexpr std::size_t most = 192;
  const std::size_t n = std::min(members.size(), most);
  std::vector<Point> picked(n);
  for (std::size_t i = 0; i < n; ++i) picked[i] = members[i * members.size() / n];
  double mean_x = 0;
  double mean_y = 0;
  for (const Point p : picked) {
    mean_x += p.x / static_cast<double>(n);
    mean_y += p.y / static_cast<double>(n);
  }
  double variance = 0;
  for (const Point p : picked) {
    variance += (std::pow(p.x - mean_x, 2) + std::pow(p.y - mean_y, 2)) / static_cast<double>(n);
  }
  const double width = std::max(variance / 8, 1e-12);  // squared bandwidth
  Point best = picked[0];
  double highest = -1;
  for (const Point p : picked) {
    double density = 0;
    for (const Point q : picked) {
      density += 1 / (1 + (std::pow(p.x - q.x, 2) + std::pow(p.y - q.y, 2)) / width);
    }
    if (density > highest) {
      highest = density;
      best = p;
    }
  }
  return best;
}

Result<Scene> document_map(const DocumentMapInput& input, const FigureTopics& topics,
                           const DocumentMapOptions& options, const FigureOptions& figure,
                           RunContext& run) {
  TG_TRY(Canvas canvas, Canvas::begin(figure, {.width = 720, .height = 520}));
  const Drawn drawn = choose_documents(input, topics, options, run.seed());
  if (drawn.n_placed == 0) {
    return model_error(ErrorCode::not_found, "documents.parquet",
                       "no document has a place on the map", "the texts are all blank");
  }
  if (run.stop_requested()) return cancelled();
  const detail::MapLabelTexts texts(canvas, topics, options);
  const Box room = texts.map_room(canvas.body());
  const MapScale scale(span_of(input, 0), span_of(input, 1), room.inset(room.width() * 0.015));
  const double side = std::min(room.width(), room.height());
  std::vector<MapGround> grounds;
  std::vector<Point> all = points_of(drawn.outliers, input, scale);
  std::size_t n_drawn = all.size() + drawn.others.size();
  for (std::size_t t = 0; t < topics.topics.size(); ++t) {
    grounds.push_back({&topics.topics[t], points_of(drawn.of_topic[t], input, scale)});
    all.insert(all.end(), grounds.back().members.begin(), grounds.back().members.end());
    n_drawn += grounds.back().members.size();
  }
  const std::vector<Point> others = points_of(drawn.others, input, scale);
  all.insert(all.end(), others.begin(), others.end());
  const double radius = options.dot_size ? *options.dot_size / 2 : usual_radius(room, n_drawn);
  if (options.contours) draw_contours(canvas, all, side);
  draw_grey(canvas, others, radius * 0.8, options.dot_opacity * 0.45);
  draw_grey(canvas, points_of(drawn.outliers, input, scale), radius * 0.8,
            options.dot_opacity * 0.8);
  if (run.stop_requested()) return cancelled();
  if (options.glow) draw_glow(canvas, grounds, n_drawn, side, figure.theme == FigureTheme::dark);
  draw_dots(canvas, drawn, grounds, radius, options.dot_opacity);
  texts.draw(canvas, grounds, room);
  note_counts(canvas, input, drawn, options, scale);
  if (topics.n_in_model == 0) canvas.note("the model has no topics");
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph
