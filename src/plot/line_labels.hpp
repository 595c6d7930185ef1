#pragma once

#include <string>
#include <vector>

#include "plot/canvas.hpp"

namespace topograph::detail {

/// A name beside the end of a line.
struct LineLabel {
  std::string text = {};
  Color color = {};
  double y = 0;  ///< Where the line ends.
};

/// Names in a column from `left` on, in the order of their lines and as near to them as possible,
/// with a stroke from (`line_end`, y) to each. What does not fit between top and bottom is left
/// out, last ones first.
/// @return How many were left out.
std::size_t draw_line_labels(Canvas& canvas, std::vector<LineLabel> labels, double line_end,
                             double left, double top, double bottom);

/// "3 names found no room", or nothing.
void note_missing_names(Canvas& canvas, std::size_t n_missing);

/// Width of the widest name, at most `limit`.
[[nodiscard]] double line_labels_width(Canvas& canvas, const std::vector<LineLabel>& labels,
                                       double limit);

/// Coloured squares with names, one below the other from the left upper corner of `box` on.
/// @return How many found no room.
std::size_t draw_key(Canvas& canvas, const std::vector<LineLabel>& entries, const Box& box);

}  // namespace topograph::detail
