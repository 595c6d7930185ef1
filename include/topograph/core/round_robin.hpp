#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace topograph {

/// Two different players, the smaller number first.
using PlayerPair = std::pair<std::size_t, std::size_t>;

/// Every pair of n players once, in rounds in which nobody plays twice (the circle method of
/// round-robin tournaments), so that the pairs of a round can be worked on at once without locks.
[[nodiscard]] std::vector<std::vector<PlayerPair>> round_robin(std::size_t n);

}  // namespace topograph
