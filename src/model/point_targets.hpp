#pragma once

#include <cstdint>
#include <vector>

#include "model/points.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {

/// What is known about the points; at most one of them is not empty.
struct PointTargets {
  std::vector<std::int32_t> labels = {};
  Matrix<float> values = {};
};

/// From what is known about the documents. Folded documents: the label of those that have one, and
/// unknown where they disagree; the mean of their values.
/// @error invalid_argument: both kinds at once, another number than documents, a label below -1, a
///        value that is not finite (row named).
[[nodiscard]] Result<PointTargets> point_targets(const Points& points, const UmapTargets& targets);

}  // namespace topograph
