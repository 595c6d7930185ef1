#pragma once

#include <string>
#include <vector>

#include "plot/canvas.hpp"

namespace topograph::detail {

/// A table of coloured cells with a name for each row and column and a colour bar.
struct CellGrid {
  std::vector<std::string> row_names = {};
  std::vector<std::string> column_names = {};
  std::vector<double> shares = {};      ///< Row by row, in [0, 1]: the colour.
  std::vector<std::string> texts = {};  ///< Row by row, or empty: no numbers.
  std::string low_text = {};            ///< Ends of the colour bar.
  std::string high_text = {};
  std::string bar_name = {};
  std::vector<std::size_t> row_breaks = {};     ///< A line is drawn before these rows …
  std::vector<std::size_t> column_breaks = {};  ///< … and columns.
};

/// Size that shows all names of a grid; at most 60 inches.
[[nodiscard]] FigureSize grid_size(const CellGrid& grid, const FigureOptions& figure);

/// @error option subject: a palette of separate colours, which tells no amounts.
[[nodiscard]] Result<void> check_ramp(const FigureOptions& figure);

void draw_cells(Canvas& canvas, const CellGrid& grid);

}  // namespace topograph::detail
