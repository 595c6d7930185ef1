#include "plot/cell_grid.hpp"

#include <algorithm>
#include <cmath>

#include "plot/name_room.hpp"

namespace topograph::detail {
namespace {

constexpr double kNameScale = 0.9;
constexpr double kTextScale = 0.78;
constexpr double kBarRoom = 4.6;  ///< Of the colour bar and its texts, in font sizes.

double widest_of(Canvas& canvas, std::vector<std::string>& names, const TextStyle& style,
                 double limit) {
  double widest = 0;
  for (std::string& name : names) {
    name = canvas.ruler().shorten(name, style, limit);
    widest = std::max(widest, canvas.ruler().measure(name, style).width);
  }
  return widest;
}

void draw_color_bar(Canvas& canvas, const Box& bar, const CellGrid& grid) {
  constexpr int steps = 48;
  // Each step covers all above it too: no seam shows where two meet.
  for (int i = 0; i < steps; ++i) {
    canvas.rectangle({bar.left, bar.top, bar.right, bar.bottom - bar.height() * i / steps},
                     canvas.palette().amount((i + 0.5) / steps));
  }
  const TextStyle small = canvas.style(0.8);
  const TextPlacement left{.vertical = VerticalAnchor::middle};
  canvas.text(grid.high_text, {bar.right + 4, bar.top + 3}, small, canvas.theme().muted, left);
  canvas.text(grid.low_text, {bar.right + 4, bar.bottom - 3}, small, canvas.theme().muted, left);
  canvas.text(grid.bar_name, {bar.right + 5, bar.center().y}, small, canvas.theme().muted,
              {.anchor = TextAnchor::middle, .vertical = VerticalAnchor::bottom, .angle = 90});
}

/// Neighbouring cells of one colour become one rectangle: files stay small.
void draw_row(Canvas& canvas, const CellGrid& grid, std::size_t r, const Box& row, double width) {
  constexpr double levels = 128;
  const std::size_t n = grid.column_names.size();
  const auto level = [&](std::size_t c) { return std::round(grid.shares[r * n + c] * levels); };
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin + 1;
    while (end < n && level(end) == level(begin)) ++end;
    const double left = row.left + width * static_cast<double>(begin);
    canvas.rectangle({left, row.top, row.left + width * static_cast<double>(end), row.bottom},
                     canvas.palette().amount(level(begin) / levels));
    begin = end;
  }
}

void draw_texts(Canvas& canvas, const CellGrid& grid, std::size_t r, const Box& row, double width) {
  const std::size_t n = grid.column_names.size();
  if (grid.texts.empty()) return;
  double widest = 1;
  for (const std::string& text : grid.texts) {
    widest = std::max(widest, canvas.ruler().measure(text, canvas.style(1)).width);
  }
  const double scale =
      std::min({kTextScale, 0.92 * width / widest, 0.62 * row.height() / canvas.style().size});
  if (scale * canvas.style().size < 2.5) return;  // nobody could read them
  for (std::size_t c = 0; c < n; ++c) {
    const Color fill = canvas.palette().amount(grid.shares[r * n + c]);
    const Color black{20, 20, 20};
    const Color white{255, 255, 255};
    const bool is_light = contrast_ratio(fill, black) > contrast_ratio(fill, white);
    canvas.text(grid.texts[r * n + c],
                {row.left + width * (static_cast<double>(c) + 0.5), row.center().y},
                canvas.style(scale), is_light ? black : white,
                {.anchor = TextAnchor::middle, .vertical = VerticalAnchor::middle});
  }
}

void draw_names(Canvas& canvas, const CellGrid& grid, const Box& plot, double width, double height,
                const TextStyle& row_style, const TextStyle& column_style) {
  for (std::size_t r = 0; r < grid.row_names.size(); ++r) {
    canvas.text(grid.row_names[r],
                {plot.left - 4, plot.top + height * (static_cast<double>(r) + 0.5)}, row_style,
                canvas.theme().ink,
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle});
  }
  for (std::size_t c = 0; c < grid.column_names.size(); ++c) {
    canvas.text(grid.column_names[c],
                {plot.left + width * (static_cast<double>(c) + 0.5), plot.bottom + 4}, column_style,
                canvas.theme().ink,
                {.anchor = TextAnchor::right, .vertical = VerticalAnchor::middle, .angle = -90});
  }
}

}  // namespace

FigureSize grid_size(const CellGrid& grid, const FigureOptions& figure) {
  constexpr double largest = 4320;
  const double size = figure.font_size;
  // A cell is as wide as its text, and as high as a line.
  const double cell = std::max(1.35 * size, name_room(grid.texts, figure, kTextScale) + 0.5 * size);
  const auto side = [&](std::size_t n, double pitch) {
    return std::max(22 * size, static_cast<double>(n) * pitch);
  };
  const double width = name_room(grid.row_names, figure, kNameScale) +
                       side(grid.column_names.size(), cell) + (kBarRoom + 3.2) * size;
  const double height = name_room(grid.column_names, figure, kNameScale) +
                        side(grid.row_names.size(), 1.35 * size) + 4 * size;
  return {std::min(largest, width), std::min(largest, height)};
}

Result<void> check_ramp(const FigureOptions& figure) {
  TG_TRY(const Palette palette, Palette::parse(figure));
  if (palette.has_ramp()) return {};
  return option_error(
      "figure.palette",
      "this figure colours amounts, and '" + figure.palette + "' is a list of colours",
      "blues, greys, viridis and cividis are ramps, and so are colours of your own");
}

void draw_cells(Canvas& canvas, const CellGrid& original) {
  CellGrid grid = original;
  const Box body = canvas.body();
  const auto n_rows = static_cast<double>(grid.row_names.size());
  const auto n_columns = static_cast<double>(grid.column_names.size());
  const double bar_room = canvas.style().size * kBarRoom;
  const auto name_style = [&](double pitch) {
    return canvas.style(std::min(kNameScale, kNameScale * pitch / canvas.style().size));
  };
  const TextStyle row_style = name_style(body.height() * 0.78 / n_rows);
  const TextStyle column_style = name_style(body.width() * 0.62 / n_columns);
  const double names_left = widest_of(canvas, grid.row_names, row_style, body.width() * 0.45);
  const double names_below =
      widest_of(canvas, grid.column_names, column_style, body.height() * 0.45);
  const Box plot{body.left + names_left + 5, body.top, body.right - bar_room,
                 body.bottom - names_below - 8};
  const double width = plot.width() / n_columns;
  const double height = plot.height() / n_rows;
  for (std::size_t r = 0; r < grid.row_names.size(); ++r) {
    const double top = plot.top + height * static_cast<double>(r);
    const Box row{plot.left, top, plot.right, top + height};
    draw_row(canvas, grid, r, row, width);
    draw_texts(canvas, grid, r, row, width);
  }
  const Stroke line{canvas.theme().ink, 0.9};
  for (const std::size_t r : grid.row_breaks) {
    const double y = plot.top + height * static_cast<double>(r);
    canvas.line({plot.left, y}, {plot.right, y}, line);
  }
  for (const std::size_t c : grid.column_breaks) {
    const double x = plot.left + width * static_cast<double>(c);
    canvas.line({x, plot.top}, {x, plot.bottom}, line);
  }
  draw_names(canvas, grid, plot, width, height, row_style, column_style);
  const double bar_left = plot.right + canvas.style().size;
  draw_color_bar(canvas,
                 {bar_left, plot.top, bar_left + canvas.style().size,
                  plot.top + std::min(plot.height(), canvas.style().size * 14)},
                 grid);
}

}  // namespace topograph::detail
