#include "topograph/core/round_robin.hpp"

#include <algorithm>

namespace topograph {

std::vector<std::vector<PlayerPair>> round_robin(std::size_t n) {
  std::vector<std::vector<PlayerPair>> rounds;
  if (n < 2) return rounds;
  const std::size_t seats = n + n % 2;  // with an odd number one player pauses in every round
  const std::size_t circle = seats - 1;
  for (std::size_t round = 0; round < circle; ++round) {
    std::vector<PlayerPair>& pairs = rounds.emplace_back();
    const auto add = [&](std::size_t a, std::size_t b) {
      if (std::max(a, b) < n) pairs.emplace_back(std::min(a, b), std::max(a, b));
    };
    add(circle, round);
    for (std::size_t i = 1; i < seats / 2; ++i) {
      add((round + i) % circle, (round + circle - i) % circle);
    }
  }
  return rounds;
}

}  // namespace topograph
