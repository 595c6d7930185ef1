#include "topograph/core/round_robin.hpp"

#include <gtest/gtest.h>

#include <set>

namespace topograph {
namespace {

TEST(RoundRobin, PlaysEveryPairOnceAndNobodyTwiceInARound) {
  for (const std::size_t n : {0UL, 1UL, 2UL, 3UL, 6UL, 7UL, 16UL}) {
    std::set<PlayerPair> played;
    for (const auto& round : round_robin(n)) {
      std::set<std::size_t> busy;
      for (const auto& [a, b] : round) {
        EXPECT_LT(a, b);
        EXPECT_LT(b, n);
        EXPECT_TRUE(busy.insert(a).second && busy.insert(b).second) << n << " players";
        EXPECT_TRUE(played.insert({a, b}).second) << n << " players";
      }
    }
    EXPECT_EQ(played.size(), n < 2 ? 0 : n * (n - 1) / 2);
  }
}

}  // namespace
}  // namespace topograph
