#pragma once

#include <span>
#include <vector>

#include "topograph/plot/scene.hpp"

namespace topograph {

/// A label that wants to be near its anchor. Larger priority is served first, ties by order.
struct LabelRequest {
  Point anchor = {};
  double width = 0;
  double height = 0;
  double priority = 0;
};

struct LabelPlace {
  bool is_placed = false;
  Box box = {};
  bool has_leader = false;
  Point leader_start = {};  ///< At the edge of the box.
  Point leader_bend = {};
};

/// Puts labels beside a map, in one column on each side: as many as fit, the halves of the anchors
/// by x, each near the height of its anchor, without leaders of one side crossing each other.
/// Boxes end at `map.left` or begin at `map.right`, inside of the height of `map`.
///
/// @return  One place per request; boxes never overlap. @cost O(n^3) for n labels that fit.
[[nodiscard]] std::vector<LabelPlace> labels_beside(std::span<const LabelRequest> requests,
                                                    const Box& map, double gap);

/// Puts labels on their anchors or, where another label is in the way, as near as possible with a
/// leader. Labels that find no place inside of `bounds` within `reach` of their anchor are left
/// out.
///
/// @param taken  Boxes that must stay free.
/// @return       One place per request; boxes never overlap. @cost O(n^2 * places tried)
[[nodiscard]] std::vector<LabelPlace> labels_over(std::span<const LabelRequest> requests,
                                                  const Box& bounds, double gap, double reach,
                                                  std::span<const Box> taken = {});

/// Positions of intervals of given sizes (in this order, `gap` apart, inside of [low, high]) with
/// the least sum of squared distances of their middles from the wanted ones. They must fit.
/// @source Pool adjacent violators, Barlow et al. 1972.
[[nodiscard]] std::vector<double> spread_intervals(std::span<const double> wanted,
                                                   std::span<const double> sizes, double gap,
                                                   double low, double high);

}  // namespace topograph
