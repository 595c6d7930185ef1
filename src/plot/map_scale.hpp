#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "topograph/plot/scene.hpp"

namespace topograph::detail {

/// Values of one axis that hold all but a small fringe, and the range of all of them.
struct AxisSpan {
  double low = 0;
  double high = 0;
  double lowest = 0;
  double highest = 0;
};

/// A few far islands must not shrink everything else to a speck: 1.2 % of the weight on either side
/// is fringe. `weights` may be empty: 1 each.
[[nodiscard]] AxisSpan axis_span(std::span<const double> values, std::span<const double> weights);

/// Data to figure: one scale for both axes, y upwards, in the middle of the room. What lies beyond
/// the spans is drawn in, logarithmically, so that it stays inside of the room and in order.
class MapScale {
 public:
  MapScale(const AxisSpan& x, const AxisSpan& y, const Box& room);

  [[nodiscard]] Point operator()(double x, double y) const;
  /// Would this point lie outside of the room, had it not been drawn in?
  [[nodiscard]] bool is_drawn_in(double x, double y) const;

 private:
  [[nodiscard]] double place(double value, const AxisSpan& span, double half) const;

  AxisSpan x_;
  AxisSpan y_;
  Point middle_;
  Point half_;
  double scale_ = 1;
};

}  // namespace topograph::detail
