// The hot loop of the layout: about 6 forces an edge, each with one power. Forces of a random
// sample are computed 4 at a time in the compiler's portable vectors, from operations that IEEE 754
// rounds exactly, so every instruction set gives the same bits.
#include "reduce/edge_moves.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

#include "topograph/core/expects.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t lanes = 4;
constexpr std::size_t largest_dim = 256;
constexpr float smallest_squared = 1e-30F;  // keeps d^(2b - 2) finite for points in one place

using Floats = float __attribute__((vector_size(16)));
using Ints = std::int32_t __attribute__((vector_size(16)));
using Words = std::uint32_t __attribute__((vector_size(16)));

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
  // x = 2^e (1 + t) with 1 + t in [sqrt(1/2), sqrt(2)); log2(1 + t) = t P(t), P minimax. The sums
  // are grouped in pairs (Estrin) because the time goes into waiting, not into operations.
  const auto bits = float_to_bits(x);
  const auto exponent = (bits - 0x3F3504F3) >> 23;
  const F t = bits_to_float(bits - exponent * 0x800000) - 1.0F;
  const F t2 = t * t;
  const F t4 = t2 * t2;
  const F p01 = 1.4426949F - 0.72134715F * t;
  const F p23 = 0.48092252F - 0.3607212F * t;
  const F p45 = 0.28765666F - 0.23851943F * t;
  const F p67 = 0.21737942F - 0.21030343F * t;
  const F p = (p01 + t2 * p23) + t4 * ((p45 + t2 * p67) + t4 * 0.12541242F);
  F y = (to_float(exponent) + t * p) * b;
  y = y < 126.0F ? y : y * 0.0F + 126.0F;
  y = y > -126.0F ? y : y * 0.0F - 126.0F;
  // 2^y = 2^k 2^f with f in [-1/2, 1/2]; adding 1.5 * 2^23 rounds to the nearest integer.
  const F shifted = y + 12582912.0F;
  const F f = y - (shifted - 12582912.0F);
  const auto k = float_to_bits(shifted) - 0x4B400000;
  const F f2 = f * f;
  const F q12 = 0.6931472F + 0.24022646F * f;
  const F q34 = 0.055503286F + 0.009618489F * f;
  const F q56 = 0.0013399931F + 0.00015345812F * f;
  const F q = 1.0F + f * (q12 + f2 * (q34 + f2 * q56));
  return bits_to_float(float_to_bits(q) + k * 0x800000);
}

inline float clip(float x) { return x > 4.0F ? 4.0F : (x < -4.0F ? -4.0F : x); }

/// Random words of an edge's bits and a counter: a 32-bit integer hash (multiply-xorshift, full
/// avalanche).
inline Words random_words(std::uint64_t bits, std::uint32_t first) {
  const Words lane = {0, 1, 2, 3};
  Words h = static_cast<std::uint32_t>(bits) + (lane + first) * 0x9E3779B9U;
  h = (h ^ (h >> 16)) * 0x7FEB352DU;
  h = ((h ^ (h >> 15)) + static_cast<std::uint32_t>(bits >> 32)) * 0x846CA68BU;
  return h ^ (h >> 16);
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
inline float lane_sum(const Floats& v) { return (v[0] + v[2]) + (v[1] + v[3]); }

/// Adds the push of 4 rows on the head to `pushed`. A row that is the head itself is 0 apart and
/// does not push.
template <std::size_t Dim>
inline void push(const float* head, const std::array<const float*, lanes>& rows, std::size_t dim,
                 const EpochForces& f, float* pushed) {
  const auto apart = [&](std::size_t d) {
    const Floats other = {rows[0][d], rows[1][d], rows[2][d], rows[3][d]};
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
    pushed[d] += lane_sum(step);
  }
}

/// Adds the pushes of the random rows of one edge to `pushed`.
template <std::size_t Dim>
inline void push_all(const float* head, const EdgeMoves& m, std::size_t dim, std::uint64_t item,
                     std::uint64_t skipped, const EpochForces& f, float* pushed) {
  const std::uint64_t bits = random_bits(m.key, item, f.epoch);
  for (int first = 0; first < f.negatives; first += static_cast<int>(lanes)) {
    const Words words = random_words(bits, static_cast<std::uint32_t>(first));
    std::array<const float*, lanes> rows;
    for (int r = 0; r < static_cast<int>(lanes); ++r) {
      // Multiply-high: uniform below n_others, bias below n_others / 2^32.
      const std::uint64_t id = (std::uint64_t{words[r]} * m.n_others) >> 32U;
      const bool is_used = first + r < f.negatives && id != skipped;
      rows[static_cast<std::size_t>(r)] = is_used ? m.others + id * dim : head;
    }
    push<Dim>(head, rows, dim, f, pushed);
  }
}

/// Dim: the number of dimensions when known at compile time, else 0.
template <std::size_t Dim, bool MovesTails>
void move_all(const EdgeMoves& m, const EpochForces& f) {
  const std::size_t dim = Dim > 0 ? Dim : m.dim;
  std::array<float, Dim == 0 ? largest_dim : Dim> pushed;
  for (std::size_t e = 0; e < m.edges.size(); ++e) {
    const LayoutEdge& edge = m.edges[e];
    // Due when floor(epoch r) > floor((epoch - 1) r): the fraction, in fixed point, just wrapped.
    if (((f.epoch * edge.rate) & (edge_rate_one - 1)) >= edge.rate) continue;
    float* head = m.heads + static_cast<std::size_t>(edge.head) * dim;
    const std::uint64_t skipped = MovesTails ? static_cast<std::uint64_t>(edge.head) : m.n_others;
    if constexpr (MovesTails) {
      pull<true>(head, m.heads + static_cast<std::size_t>(edge.tail) * dim, dim, f);
    } else {
      pull<false>(head, m.fixed_tails + static_cast<std::size_t>(edge.tail) * dim, dim, f);
    }
    std::fill_n(pushed.begin(), dim, 0.0F);
    push_all<Dim>(head, m, dim, m.first_item + e, skipped, f, pushed.data());
    for (std::size_t d = 0; d < dim; ++d) head[d] += f.alpha * pushed[d];
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
  TG_EXPECTS(moves.dim <= largest_dim);
  if (moves.fixed_tails == nullptr) return move_dimensions<true>(moves, forces);
  move_dimensions<false>(moves, forces);
}

void power_of_four(const float* x, float b, float* out) {
  Floats values = {x[0], x[1], x[2], x[3]};
  values = power(values, b);
  for (std::size_t i = 0; i < lanes; ++i) out[i] = values[i];
}

}  // namespace topograph::detail
