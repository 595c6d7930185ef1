#include "topograph/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace topograph {
namespace {

const RandomKey kKey = random_key(42, "test");

TEST(Random, IsAPureFunctionOfKeyItemAndCounter) {
  EXPECT_EQ(random_bits(kKey, 3, 4), random_bits(kKey, 3, 4));
  EXPECT_NE(random_bits(kKey, 3, 4), random_bits(kKey, 4, 3));
  EXPECT_NE(random_bits(random_key(42, "a"), 0, 0), random_bits(random_key(42, "b"), 0, 0));
  EXPECT_NE(random_bits(random_key(1, "a"), 0, 0), random_bits(random_key(2, "a"), 0, 0));
}

TEST(Random, NeverChangesBetweenReleases) {
  // Fitted models name their seed; the stream behind it is part of the contract.
  EXPECT_EQ(kKey.value, 0x0568E6A7FE7E91C9ULL);
  EXPECT_EQ(random_bits(kKey, 0, 0), 0xA5F62ABC768D1AFEULL);
  EXPECT_EQ(random_bits(kKey, 3, 4), 0xCA8FED74076F016BULL);
  EXPECT_EQ(detail::mix64(0), 0xE220A8397B1DCDAFULL);  // first output of SplitMix64 from state 0
}

TEST(Random, UniformHasMeanAndVarianceOfItsDistribution) {
  double sum = 0;
  double squares = 0;
  constexpr int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double u =
        uniform(kKey, static_cast<std::uint64_t>(i / 100), static_cast<std::uint64_t>(i % 100));
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / n, 0.5, 0.003);
  EXPECT_NEAR(squares / n, 1.0 / 3, 0.003);
}

TEST(Random, UniformBelowHitsEveryValueEvenly) {
  std::vector<int> hits(7, 0);
  for (std::uint64_t i = 0; i < 70000; ++i)
    ++hits[static_cast<std::size_t>(uniform_below(kKey, i, 0, 7))];
  for (const int n : hits) EXPECT_NEAR(n, 10000, 400);
}

TEST(Random, NormalHasUnitVariance) {
  double sum = 0;
  double squares = 0;
  constexpr int n = 100000;
  for (int i = 0; i < n; ++i) {
    const double x = normal(kKey, static_cast<std::uint64_t>(i), 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0.0, 0.02);
  EXPECT_NEAR(squares / n, 1.0, 0.03);
}

TEST(Random, PermutationHoldsEveryValueOnce) {
  auto order = random_permutation(kKey, 1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], static_cast<std::int32_t>(i));
  EXPECT_TRUE(random_permutation(kKey, 0).empty());
}

TEST(Random, SampleIsDistinctAscendingAndComplete) {
  const auto sample = sample_without_replacement(kKey, 1000, 50);
  ASSERT_EQ(sample.size(), 50U);
  EXPECT_TRUE(std::adjacent_find(sample.begin(), sample.end(), std::greater_equal<>()) ==
              sample.end());
  EXPECT_EQ(sample_without_replacement(kKey, 5, 5).size(), 5U);
  EXPECT_TRUE(sample_without_replacement(kKey, 5, 0).empty());
}

}  // namespace
}  // namespace topograph
