#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace topograph {

/// Renumbers the labels >= 0 densely by (weight descending, smallest member); negative labels
/// become -1. `weights` may be empty: 1 each. Returns the old label of every new one.
std::vector<std::int32_t> number_by_size(std::vector<std::int32_t>& labels,
                                         std::span<const std::int32_t> weights);

}  // namespace topograph
