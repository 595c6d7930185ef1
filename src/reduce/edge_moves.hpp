#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "topograph/core/random.hpp"

namespace topograph::detail {

/// An edge of rate r / edge_rate_one is used in that share of the epochs.
inline constexpr std::uint32_t edge_rate_one = 0x80000000U;

struct LayoutEdge {
  std::int32_t head = 0;
  std::int32_t tail = 0;
  std::uint32_t rate = 0;
};

/// Parameters of the forces in one epoch.
struct EpochForces {
  float a = 1;
  float b = 1;
  float repulsion = 1;
  float alpha = 1;  ///< Step size of this epoch.
  int negatives = 5;
  std::uint32_t epoch = 0;
};

/// One epoch over some edges, in order: for every edge that is due, head and tail move towards each
/// other, then the head moves away from `negatives` random rows of `others`.
struct EdgeMoves {
  std::span<const LayoutEdge> edges = {};
  float* heads = nullptr;  ///< (any, dim) positions that move.
  const float* fixed_tails =
      nullptr;                    ///< Tails that stay; null: tails are rows of `heads` and move.
  const float* others = nullptr;  ///< (n_others, dim) where random rows are read.
  std::size_t n_others = 0;
  std::size_t dim = 0;
  RandomKey key = {};
  std::uint64_t first_item = 0;  ///< Edge i draws as item first_item + i.
};

void move_edges(const EdgeMoves& moves, const EpochForces& forces);

/// x^b for positive x as the forces compute it, 4 values at once (tested against std::pow).
void power_of_four(const float* x, float b, float* out);

}  // namespace topograph::detail
