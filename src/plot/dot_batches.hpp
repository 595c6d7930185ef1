#pragma once

#include <cstdint>
#include <vector>

#include "topograph/plot/scene.hpp"

namespace topograph::detail {

/// Dots of one colour that a vector format draws as one path.
struct DotBatch {
  std::uint32_t color_id = 0;
  std::vector<Point> centers = {};
};

/// Cuts dots into paths of at most 64 of one colour, nearly in the order they were given: a file of
/// a fiftieth of the size, while dots that overlap still add up unless they share a path.
[[nodiscard]] std::vector<DotBatch> dot_batches(const DotsMark& dots);

}  // namespace topograph::detail
