// The hot loop of the layout: about 6 forces an edge, each with one power. Forces of a random
// sample are computed 8 at a time in the compiler's portable vectors, from operations that IEEE 754
// rounds exactly, so every instruction set gives the same bits.
#include "reduce/edge_moves.hpp"

#include <array>
#include <bit>

namespace topograph::detail {
namespace {

constexpr std::size_t lanes = 8;
constexpr float smallest_squared = 1e-30F;  // keeps d^(2b - 2) finite for points in one place

using Floats = float __attribute__((vector_size(32)));
using Doubles = double __attribute__((vector_size(64)));
using Ints = std::int32_t __attribute__((vector_size(32)));
using Words = std::uint32_t __attribute__((vector_size(32)));

inline float bits_to_float(std::int32_t bits) { return std::bit_cast<float>(bits); }
inline std::int32_t float_to_bits(float value) { return std::bit_cast<std::int32_t>(value); }
inline Floats bits_to_float(const Ints& bits) { return std::bit_cast<Floats>(bits); }
inline Ints float_to_bits(const Floats& value) { return std::bit_cast<Ints>(value); }
inline float to_float(std::int32_t value) { return static_cast<float>(value); }
inline Floats to_float(const Ints& value) { return __builtin_convertvector(value, Floats); }

/// x^b for positive normal x, F float or a vector of them. The relative error is that of b log2(x)
/// held in float32: below 1e-6 near 1, below 4e-6 in [1e-12, 1e12].
template <class F>
inline F power(const F& x, float b) {
  // x = 2^e (1 + t) with 1 + t in [sqrt(1/2), sqrt(2)); log2(1 + t) = t P(t), P minimax.
  const auto bits = float_to_bits(x);
  const auto exponent = (bits - 0x3F3504F3) >> 23;
  const F t = bits_to_float(bits - exponent * 0x800000) - 1.0F;
  F p = 0.12541242F * t - 0.21030343F;
  p = p * t + 0.21737942F;
  p = p * t - 0.23851943F;
  p = p * t + 0.28765666F;
  p = p * t - 0.3607212F;
  p = p * t + 0.48092252F;
  p = p * t - 0.72134715F;
  p = p * t + 1.4426949F;
  F y = (to_float(exponent) + t * p) * b;
  y = y < 126.0F ? y : y * 0.0F + 126.0F;
  y = y > -126.0F ? y : y * 0.0F - 126.0F;
  // 2^y = 2^k 2^f with f in [-1/2, 1/2]; adding 1.5 * 2^23 rounds to the nearest integer.
  const F shifted = y + 12582912.0F;
  const F f = y - (shifted - 12582912.0F);
  const auto k = float_to_bits(shifted) - 0x4B400000;
  F q = 0.00015345812F * f + 0.0013399931F;
  q = q * f + 0.009618489F;
  q = q * f + 0.055503286F;
  q = q * f + 0.24022646F;
  q = q * f + 0.6931472F;
  q = q * f + 1.0F;
  return bits_to_float(float_to_bits(q) + k * 0x800000);
}

inline float clip(float x) { return x > 4.0F ? 4.0F : (x < -4.0F ? -4.0F : x); }

/// Random ids below n: a 32-bit integer hash (multiply-xorshift, full avalanche) of the edge's bits
/// and the lane, scaled; bias below n / 2^32.
inline Ints random_ids(std::uint64_t bits, std::uint32_t first, double n_over_2_32) {
  const Words lane = {0, 1, 2, 3, 4, 5, 6, 7};
  Words h = static_cast<std::uint32_t>(bits) + (lane + first) * 0x9E3779B9U;
  h = (h ^ (h >> 16)) * 0x7FEB352DU;
  h = ((h ^ (h >> 15)) + static_cast<std::uint32_t>(bits >> 32)) * 0x846CA68BU;
  h ^= h >> 16;
  return __builtin_convertvector(__builtin_convertvector(h, Doubles) * n_over_2_32, Ints);
}

/// Moves the two ends of one edge towards each other (only the head when Moves is false).
template <bool Moves>
inline void pull(float* head, std::conditional_t<Moves, float, const float>* tail, std::size_t dim,
                 const EpochForces& f) {
  float squared = 0;
  for (std::size_t d = 0; d < dim; ++d) squared += (head[d] - tail[d]) * (head[d] - tail[d]);
  if (squared < smallest_squared) return;
  const float p = power(squared, f.b);
  const float gradient = -2.0F * f.a * f.b * p / (squared * (1.0F + f.a * p));
  for (std::size_t d = 0; d < dim; ++d) {
    const float step = f.alpha * clip(gradient * (head[d] - tail[d]));
    head[d] += step;
    if constexpr (Moves) tail[d] -= step;
  }
}

/// Sum of the lanes, in a fixed order.
inline float lane_sum(const Floats& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/// Moves the head away from 8 rows. A row that is the head itself is 0 apart and does not push.
template <std::size_t Dim>
inline void push(float* head, const std::array<const float*, lanes>& rows, std::size_t dim,
                 const EpochForces& f) {
  const auto apart = [&](std::size_t d) {
    const Floats other = {rows[0][d], rows[1][d], rows[2][d], rows[3][d],
                          rows[4][d], rows[5][d], rows[6][d], rows[7][d]};
    return head[d] - other;
  };
  std::array<Floats, Dim> kept;
  Floats squared = {};
  for (std::size_t d = 0; d < dim; ++d) {
    const Floats difference = apart(d);
    if constexpr (Dim > 0) kept[d] = difference;
    squared += difference * difference;
  }
  squared = squared > smallest_squared ? squared : Floats{} + smallest_squared;
  const Floats p = power(squared, f.b);
  const Floats gradient = (2.0F * f.repulsion * f.b) / ((0.001F + squared) * (1.0F + f.a * p));
  for (std::size_t d = 0; d < dim; ++d) {
    Floats step = gradient;
    if constexpr (Dim > 0) {
      step *= kept[d];
    } else {
      step *= apart(d);
    }
    step = step < 4.0F ? step : Floats{} + 4.0F;
    step = step > -4.0F ? step : Floats{} - 4.0F;
    head[d] += f.alpha * lane_sum(step);
  }
}

/// Dim: the number of dimensions when known at compile time, else 0.
template <std::size_t Dim, bool MovesTails>
void move_all(const EdgeMoves& m, const EpochForces& f) {
  const std::size_t dim = Dim > 0 ? Dim : m.dim;
  const double n_over_2_32 = static_cast<double>(m.n_others) * 0x1.0p-32;
  for (std::size_t e = 0; e < m.edges.size(); ++e) {
    const LayoutEdge& edge = m.edges[e];
    // Due when floor(epoch r) > floor((epoch - 1) r): the fraction, in fixed point, just wrapped.
    if (((f.epoch * edge.rate) & (edge_rate_one - 1)) >= edge.rate) continue;
    float* head = m.heads + static_cast<std::size_t>(edge.head) * dim;
    if constexpr (MovesTails) {
      pull<true>(head, m.heads + static_cast<std::size_t>(edge.tail) * dim, dim, f);
    } else {
      pull<false>(head, m.fixed_tails + static_cast<std::size_t>(edge.tail) * dim, dim, f);
    }
    const std::uint64_t bits = random_bits(m.key, m.first_item + e, f.epoch);
    const std::int32_t skipped = MovesTails ? edge.head : -1;
    for (int first = 0; first < f.negatives; first += static_cast<int>(lanes)) {
      const Ints ids = random_ids(bits, static_cast<std::uint32_t>(first), n_over_2_32);
      std::array<const float*, lanes> rows;
      for (int r = 0; r < static_cast<int>(lanes); ++r) {
        const bool is_used = first + r < f.negatives && ids[r] != skipped;
        rows[static_cast<std::size_t>(r)] =
            is_used ? m.others + static_cast<std::size_t>(ids[r]) * dim : head;
      }
      push<Dim>(head, rows, dim, f);
    }
  }
}

template <bool MovesTails>
void move_dimensions(const EdgeMoves& m, const EpochForces& f) {
  switch (m.dim) {
    case 2: return move_all<2, MovesTails>(m, f);
    case 3: return move_all<3, MovesTails>(m, f);
    case 5: return move_all<5, MovesTails>(m, f);
    case 10: return move_all<10, MovesTails>(m, f);
    default: return move_all<0, MovesTails>(m, f);
  }
}

}  // namespace

void move_edges(const EdgeMoves& moves, const EpochForces& forces) {
  if (moves.fixed_tails == nullptr) return move_dimensions<true>(moves, forces);
  move_dimensions<false>(moves, forces);
}

void power_of_eight(const float* x, float b, float* out) {
  Floats values = {};
  for (std::size_t i = 0; i < lanes; ++i) values[i] = x[i];
  values = power(values, b);
  for (std::size_t i = 0; i < lanes; ++i) out[i] = values[i];
}

}  // namespace topograph::detail
