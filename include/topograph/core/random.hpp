#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace topograph {

/// Key of one random stream. A draw is a pure function of (key, item, counter), so results do not
/// depend on the order or the thread in which draws are made.
struct RandomKey {
  std::uint64_t value = 0;
};

namespace detail {
/// Finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection with full avalanche.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}
}  // namespace detail

/// The stream of a stage: `random_key(run.seed(), "umap.layout")`.
[[nodiscard]] RandomKey random_key(std::uint64_t seed, std::string_view stage);

/// 64 uniform bits.
[[nodiscard]] constexpr std::uint64_t random_bits(RandomKey key, std::uint64_t item,
                                                  std::uint64_t counter) {
  return detail::mix64(detail::mix64(key.value ^ detail::mix64(item)) ^
                       (counter * 0xD1342543DE82EF95ULL + 1));
}

/// Uniform in [0, 1) with 53 random bits.
[[nodiscard]] constexpr double uniform(RandomKey key, std::uint64_t item, std::uint64_t counter) {
  return static_cast<double>(random_bits(key, item, counter) >> 11U) * 0x1.0p-53;
}

/// Uniform integer in [0, n), n >= 1; bias below n / 2^64 (multiply-high).
[[nodiscard]] constexpr std::uint64_t uniform_below(RandomKey key, std::uint64_t item,
                                                    std::uint64_t counter, std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(random_bits(key, item, counter)) * n) >>
                                    64U);
}

/// Standard normal (Box-Muller on two draws of the pair (item, counter)).
[[nodiscard]] double normal(RandomKey key, std::uint64_t item, std::uint64_t counter);

/// A uniform permutation of 0..n-1 (Fisher-Yates).
[[nodiscard]] std::vector<std::int32_t> random_permutation(RandomKey key, std::size_t n);

/// k distinct values of 0..n-1 in ascending order, k <= n.
[[nodiscard]] std::vector<std::int32_t> sample_without_replacement(RandomKey key, std::size_t n,
                                                                   std::size_t k);

}  // namespace topograph
