#include "plot/map_scale.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace topograph::detail {
namespace {
constexpr double kFringe = 0.012;
constexpr double kCore = 0.9;  ///< Share of the room that the spans get.
}  // namespace

AxisSpan axis_span(std::span<const double> values, std::span<const double> weights) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) total += weight(i);
  // The first value from an end at which more than the fringe has been seen.
  const auto core_end = [&](auto begin, auto end) {
    double seen = 0;
    for (auto at = begin; at != end; ++at) {
      seen += weight(*at);
      if (seen > kFringe * total) return values[*at];
    }
    return values[*begin];
  };
  return {core_end(order.begin(), order.end()), core_end(order.rbegin(), order.rend()),
          values[order.front()], values[order.back()]};
}

MapScale::MapScale(const AxisSpan& x, const AxisSpan& y, const Box& room)
    : x_(x), y_(y), middle_(room.center()), half_{room.width() / 2, room.height() / 2} {
  const double width = std::max(x.high - x.low, 1e-9);
  const double height = std::max(y.high - y.low, 1e-9);
  scale_ = std::min(room.width() * kCore / width, room.height() * kCore / height);
  if (x.high <= x.low && y.high <= y.low) scale_ = 1;
}

Point MapScale::operator()(double x, double y) const {
  return {middle_.x + place(x, x_, half_.x), middle_.y - place(y, y_, half_.y)};
}

bool MapScale::is_drawn_in(double x, double y) const {
  return std::abs(x - (x_.low + x_.high) / 2) * scale_ > half_.x ||
         std::abs(y - (y_.low + y_.high) / 2) * scale_ > half_.y;
}

double MapScale::place(double value, const AxisSpan& span, double half) const {
  const double middle = (span.low + span.high) / 2;
  const double offset = (value - middle) * scale_;
  const double reach = std::max(span.highest - middle, middle - span.lowest) * scale_;
  const double border = std::max((span.high - span.low) / 2 * scale_, half * kCore * 0.8);
  if (reach <= half || std::abs(offset) <= border) return offset;
  // From the border on: log(1 + t), stretched so that the farthest document lies at the edge.
  const double unit = half - border;
  const double beyond = std::log1p((std::abs(offset) - border) / unit);
  const double farthest = std::log1p((reach - border) / unit);
  return std::copysign(border + unit * beyond / farthest, offset);
}

}  // namespace topograph::detail
