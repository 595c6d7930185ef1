#pragma once

// The kernel of the UMAP layout: declarations and plain data only, as in kernels.hpp.

#include <cstddef>
#include <cstdint>

namespace topograph::kernels {

/// An edge of rate r is used in the share r / edge_rate_one of the epochs.
inline constexpr std::uint32_t edge_rate_one = 0x80000000U;
inline constexpr std::size_t most_layout_dimensions = 256;
inline constexpr int most_negatives = 64;

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
  float alpha = 1;    ///< Step size of this epoch.
  int negatives = 5;  ///< At most `most_negatives`.
  std::uint32_t epoch = 0;
  float density = 0;  ///< Scale of the density term of an edge of rate `edge_rate_one`.
};

/// Sixteen rows of a pool lie side by side in a block of (dim + 1) * 16 values: coordinate d of row
/// r at [d * 16 + r], then the 16 row numbers as int32.
inline constexpr std::size_t pool_rows = 16;

/// One epoch over some edges, in order: for every edge that is due, head and tail move towards each
/// other, then the head moves away from `negatives` random rows of `others`.
struct EdgeMoves {
  const LayoutEdge* edges = nullptr;
  std::size_t n_edges = 0;
  float* heads = nullptr;  ///< (any, dim) positions that move.
  const float* fixed_tails =
      nullptr;                    ///< Tails that stay; null: they are rows of `heads` and move.
  const float* others = nullptr;  ///< (n_others, dim) where random rows are read.
  std::uint32_t n_others = 0;
  /// Random rows in blocks of `pool_rows`, 64-byte aligned: the edges computed together read
  /// the next block, from a random first block for each of the `negatives`. Null: `others`.
  const float* pool = nullptr;
  std::uint32_t n_pool_blocks = 0;
  /// (any, 2) of each vertex: its share of the density term (see density_term.cpp) with and without
  /// its radius. Null: there is none.
  const float* density = nullptr;
  std::size_t dim = 0;
  /// Edge i draws as item items[i], or first_item + i without `items`: a pure function of the key,
  /// the item, the epoch and the number of the sample.
  std::uint64_t key = 0;
  std::uint64_t first_item = 0;
  const std::uint64_t* items = nullptr;
};

/// Edges in a row that share no moving vertex are computed 16 at a time, one a lane, which gives
/// what one after another would; the operations are those that IEEE 754 rounds exactly, so every
/// instruction set gives the same bits.
using MoveEdges = void (*)(const EdgeMoves& moves, const EpochForces& forces);

/// How far the graph neighbours of one point lie.
struct RadiusSums {
  const float* rows = nullptr;  ///< (any, dim)
  std::size_t dim = 0;
  std::int32_t row = 0;
  const std::int32_t* neighbors = nullptr;  ///< (n_neighbors) rows
  std::size_t n_neighbors = 0;
  float a = 1;
  float b = 1;
};

/// out[0] = sum of phi d^2, out[1] = sum of phi over the neighbours at distance d, with
/// phi = 1 / (1 + a d^(2b)). The same bits on every instruction set.
using SumRadius = void (*)(const RadiusSums& sums, double* out);

/// x^b for 16 positive values as the forces compute it.
using PowerOfSixteen = void (*)(const float* x, float b, float* out);

struct LayoutKernel {
  MoveEdges move_edges = nullptr;
  SumRadius sum_radius = nullptr;
  PowerOfSixteen power_of_sixteen = nullptr;
};

namespace scalar {
extern const LayoutKernel layout;
}
namespace avx2 {
extern const LayoutKernel layout;
}
namespace avx512 {
extern const LayoutKernel layout;
}

}  // namespace topograph::kernels
