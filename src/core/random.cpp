#include "topograph/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

RandomKey random_key(std::uint64_t seed, std::string_view stage) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a, then mixed with the seed
  for (const char c : stage) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ULL;
  }
  return {detail::mix64(detail::mix64(seed) ^ hash)};
}

double normal(RandomKey key, std::uint64_t item, std::uint64_t counter) {
  const double u1 = 1.0 - uniform(key, item, 2 * counter);  // in (0, 1]
  const double u2 = uniform(key, item, 2 * counter + 1);
  return std::sqrt(-2.0 * std::log(u1)) * std::cos(2.0 * std::numbers::pi * u2);
}

std::vector<std::int32_t> random_permutation(RandomKey key, std::size_t n) {
  std::vector<std::int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = n; i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(uniform_below(key, i, 0, i))]);
  }
  return order;
}

std::vector<std::int32_t> sample_without_replacement(RandomKey key, std::size_t n, std::size_t k) {
  TG_EXPECTS(k <= n);
  // Selection sampling (Knuth 3.4.2, algorithm S): one pass, already in order.
  std::vector<std::int32_t> chosen;
  chosen.reserve(k);
  for (std::size_t i = 0; i < n && chosen.size() < k; ++i) {
    const std::size_t n_left = n - i;
    if (uniform_below(key, i, 0, n_left) < k - chosen.size()) {
      chosen.push_back(narrow<std::int32_t>(i));
    }
  }
  return chosen;
}

}  // namespace topograph
