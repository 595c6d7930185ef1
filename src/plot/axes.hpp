#pragma once

#include <string_view>

#include "plot/canvas.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph::detail {

/// A grid line and a text below `plot` for every tick; texts that would touch are left out.
void draw_x_axis(Canvas& canvas, const Box& plot, const LinearScale& scale, const Ticks& ticks,
                 std::string_view name);
/// The same on the left side.
void draw_y_axis(Canvas& canvas, const Box& plot, const LinearScale& scale, const Ticks& ticks,
                 std::string_view name);
/// Room that the texts of `draw_y_axis` take left of the plot.
[[nodiscard]] double y_axis_width(Canvas& canvas, const Ticks& ticks, std::string_view name);
/// Room that `draw_x_axis` takes below the plot.
[[nodiscard]] double x_axis_height(const Canvas& canvas, std::string_view name);

}  // namespace topograph::detail
