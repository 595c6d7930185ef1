#include "topograph/plot/place_labels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "topograph/core/expects.hpp"

namespace topograph {
namespace {

std::vector<std::size_t> by_priority(std::span<const LabelRequest> requests) {
  std::vector<std::size_t> order(requests.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t i) { return requests[i].priority; });
  return order;
}

double side_of(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool cross(Point a, Point b, Point c, Point d) {
  return side_of(a, b, c) * side_of(a, b, d) < 0 && side_of(c, d, a) * side_of(c, d, b) < 0;
}

/// One column of labels.
struct Column {
  std::span<const LabelRequest> requests;
  const Box& map;
  double gap;
  bool is_left;
  std::vector<std::size_t> members = {};  ///< From top to bottom.
  std::vector<double> middles = {};

  [[nodiscard]] double height() const {
    double sum = 0;
    for (const std::size_t i : members) sum += requests[i].height + gap;
    return sum - (members.empty() ? 0 : gap);
  }
  [[nodiscard]] Point port(std::size_t k) const {
    return {is_left ? map.left : map.right, middles[k]};
  }
  /// Where the leader turns towards its anchor, a little inside of the map.
  [[nodiscard]] Point bend(std::size_t k) const {
    return {port(k).x + (is_left ? gap : -gap), middles[k]};
  }
  void spread() {
    std::vector<double> wanted;
    std::vector<double> sizes;
    const double step = map.height() / static_cast<double>(members.size());
    for (std::size_t k = 0; k < members.size(); ++k) {
      // A share of even spacing keeps labels of a crowded middle from all lying beside it.
      const double even = map.top + step * (static_cast<double>(k) + 0.5);
      wanted.push_back(0.65 * requests[members[k]].anchor.y + 0.35 * even);
      sizes.push_back(requests[members[k]].height);
    }
    middles = spread_intervals(wanted, sizes, gap, map.top, map.bottom);
  }
  /// Swaps labels whose leaders cross: each swap shortens them, so that it ends.
  void uncross() {
    std::ranges::stable_sort(members, {}, [&](std::size_t i) { return requests[i].anchor.y; });
    spread();
    const std::size_t limit = members.size() * members.size();
    for (std::size_t round = 0; round < limit; ++round) {
      bool is_crossed = false;
      for (std::size_t i = 0; i < members.size() && !is_crossed; ++i) {
        for (std::size_t j = i + 1; j < members.size() && !is_crossed; ++j) {
          is_crossed =
              cross(bend(i), requests[members[i]].anchor, bend(j), requests[members[j]].anchor);
          if (is_crossed) std::swap(members[i], members[j]);
        }
      }
      if (!is_crossed) return;
      spread();
    }
  }
};

/// Anchors go to the nearer side, a third of them at least to each; a side that is too full hands
/// over what lies nearest to the other.
bool split_sides(std::span<const std::size_t> chosen, Column& left, Column& right) {
  std::vector<std::size_t> by_x(chosen.begin(), chosen.end());
  std::ranges::stable_sort(by_x, {}, [&](std::size_t i) { return left.requests[i].anchor.x; });
  const double middle = left.map.center().x;
  const auto n_left = static_cast<std::size_t>(std::ranges::count_if(
      by_x, [&](std::size_t i) { return left.requests[i].anchor.x < middle; }));
  const std::size_t third = by_x.size() / 3;
  const std::size_t start = std::clamp(n_left, third, by_x.size() - third);
  const double room = left.map.height();
  for (std::size_t shift = 0; shift <= 2 * by_x.size(); ++shift) {
    // start, start + 1, start - 1, start + 2 ...
    const std::size_t offset = (shift + 1) / 2;
    const bool is_up = shift % 2 == 1;
    if (is_up ? start + offset > by_x.size() : offset > start) continue;
    const auto cut = static_cast<std::ptrdiff_t>(is_up ? start + offset : start - offset);
    left.members.assign(by_x.begin(), by_x.begin() + cut);
    right.members.assign(by_x.begin() + cut, by_x.end());
    if (left.height() <= room && right.height() <= room) return true;
  }
  return false;
}

}  // namespace

std::vector<double> spread_intervals(std::span<const double> wanted, std::span<const double> sizes,
                                     double gap, double low, double high) {
  TG_EXPECTS(wanted.size() == sizes.size());
  // Shifted by the sizes before it, every interval becomes a point that must not lie before its
  // predecessor: isotonic regression. Bounds cut its solution.
  const std::size_t n = wanted.size();
  std::vector<double> offset(n);
  double used = 0;
  for (std::size_t i = 0; i < n; ++i) {
    offset[i] = used + sizes[i] / 2;
    used += sizes[i] + gap;
  }
  struct Pool {
    double sum;
    std::size_t n;
  };
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < n; ++i) {
    pools.push_back({wanted[i] - offset[i], 1});
    while (pools.size() > 1) {
      const Pool& last = pools.back();
      Pool& before = pools[pools.size() - 2];
      if (before.sum * static_cast<double>(last.n) <= last.sum * static_cast<double>(before.n))
        break;
      before.sum += last.sum;
      before.n += last.n;
      pools.pop_back();
    }
  }
  const double last_start = std::max(low, high - (used - gap));
  std::vector<double> middles;
  for (const Pool& pool : pools) {
    const double start = std::clamp(pool.sum / static_cast<double>(pool.n), low, last_start);
    for (std::size_t k = 0; k < pool.n; ++k) middles.push_back(start + offset[middles.size()]);
  }
  return middles;
}

std::vector<LabelPlace> labels_beside(std::span<const LabelRequest> requests, const Box& map,
                                      double gap) {
  std::vector<LabelPlace> places(requests.size());
  Column left{requests, map, gap, true};
  Column right{requests, map, gap, false};
  std::vector<std::size_t> chosen = by_priority(requests);
  // What two full columns cannot hold need not be tried.
  double height = 0;
  std::size_t n_tried = 0;
  while (n_tried < chosen.size() && height <= 2 * (map.height() + gap)) {
    height += requests[chosen[n_tried++]].height + gap;
  }
  chosen.resize(n_tried);
  while (!chosen.empty() && !split_sides(chosen, left, right)) chosen.pop_back();
  if (chosen.empty()) return places;
  for (Column* column : {&left, &right}) {
    if (column->members.empty()) continue;
    column->uncross();
    for (std::size_t k = 0; k < column->members.size(); ++k) {
      const LabelRequest& request = requests[column->members[k]];
      LabelPlace& place = places[column->members[k]];
      const double y = column->middles[k];
      const double x = column->is_left ? map.left - request.width : map.right;
      place.is_placed = true;
      place.box = {x, y - request.height / 2, x + request.width, y + request.height / 2};
      place.has_leader = true;
      place.leader_start = column->port(k);
      place.leader_bend = column->bend(k);
    }
  }
  return places;
}

std::vector<LabelPlace> labels_over(std::span<const LabelRequest> requests, const Box& bounds,
                                    double gap, double reach, std::span<const Box> taken) {
  std::vector<LabelPlace> places(requests.size());
  std::vector<Box> used(taken.begin(), taken.end());
  for (const std::size_t i : by_priority(requests)) {
    const LabelRequest& request = requests[i];
    const double step = std::max(request.height * 0.5, 1.0);
    for (double radius = 0; radius <= reach && !places[i].is_placed; radius += step) {
      const int n_angles = radius == 0 ? 1 : 8 + 4 * static_cast<int>(radius / step / 2);
      for (int k = 0; k < n_angles && !places[i].is_placed; ++k) {
        const double angle = 2 * std::numbers::pi * (k + 0.25) / n_angles;
        const Point middle{request.anchor.x + radius * std::cos(angle) * 1.4,
                           request.anchor.y + radius * std::sin(angle)};
        const Box box{middle.x - request.width / 2, middle.y - request.height / 2,
                      middle.x + request.width / 2, middle.y + request.height / 2};
        if (!bounds.contains(box)) continue;
        const Box spaced = box.inset(-gap / 2);
        if (std::ranges::any_of(used, [&](const Box& other) { return spaced.overlaps(other); }))
          continue;
        places[i].is_placed = true;
        places[i].box = box;
        used.push_back(box);
        const Point a = request.anchor;
        places[i].leader_start = {std::clamp(a.x, box.left, box.right),
                                  std::clamp(a.y, box.top, box.bottom)};
        places[i].leader_bend = places[i].leader_start;
        places[i].has_leader = std::hypot(places[i].leader_start.x - a.x,
                                          places[i].leader_start.y - a.y) > request.height;
      }
    }
  }
  return places;
}

}  // namespace topograph
