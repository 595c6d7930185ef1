#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Row numbers of every cluster, ascending; noise and empty clusters are left out.
using ClusterRows = std::vector<std::vector<std::int32_t>>;

/// @error invalid_argument: another number of labels than rows, a value that is not finite (first
///        row named), fewer than 2 clusters.
[[nodiscard]] Result<ClusterRows> rows_of_clusters(MatrixView<const float> x,
                                                   std::span<const std::int32_t> labels,
                                                   std::string_view what, RunContext& run);

}  // namespace topograph::detail
