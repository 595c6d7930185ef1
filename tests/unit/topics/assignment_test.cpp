#include "topograph/topics/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

Matrix<double> gains(std::size_t n, std::size_t m, std::uint64_t seed) {
  Matrix<double> out(n, m);
  const RandomKey key = random_key(seed, "gains");
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<double>(uniform_below(key, i, 0, 20)) / 10.0;
  }
  return out;
}

double sum_of(const Matrix<double>& gain, const std::vector<std::int32_t>& column_of) {
  double sum = 0;
  for (std::size_t r = 0; r < column_of.size(); ++r) {
    if (column_of[r] >= 0) sum += gain[r, idx(column_of[r])];
  }
  return sum;
}

/// The best sum over all ways to pair, by trying them.
double best_sum(const Matrix<double>& gain) {
  const std::size_t n = std::max(gain.rows(), gain.cols());
  std::vector<std::int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  double best = 0;
  do {
    double sum = 0;
    for (std::size_t r = 0; r < gain.rows(); ++r) {
      if (std::cmp_less(order[r], gain.cols())) sum += gain[r, idx(order[r])];
    }
    best = std::max(best, sum);
  } while (std::ranges::next_permutation(order).found);
  return best;
}

TEST(BestPairs, GainAsMuchAsTheBestOfAllWays) {
  RunContext run;
  const std::pair<std::size_t, std::size_t> shapes[] = {{1, 1}, {3, 3}, {6, 6}, {2, 7}, {7, 3}};
  for (const auto& [n, m] : shapes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Matrix<double> gain = gains(n, m, seed);
      const auto found = best_pairs(gain.view(), run);
      ASSERT_TRUE(found);
      ASSERT_EQ(found->size(), n);
      std::vector<std::int32_t> used;
      for (const std::int32_t column : *found) {
        if (column >= 0) used.push_back(column);
      }
      std::ranges::sort(used);
      EXPECT_EQ(std::ranges::adjacent_find(used), used.end());
      EXPECT_NEAR(sum_of(gain, *found), best_sum(gain), 1e-12) << n << "x" << m << " " << seed;
    }
  }
}

TEST(BestPairs, GiveUpALargeGainForALargerSum) {
  Matrix<double> gain(2, 2);
  gain[0, 0] = 0.9;
  gain[0, 1] = 0.8;
  gain[1, 0] = 0.7;
  RunContext run;
  EXPECT_EQ(*best_pairs(std::as_const(gain).view(), run), (std::vector<std::int32_t>{1, 0}));
}

TEST(BestPairs, LeaveAloneWhatGainsNothing) {
  RunContext run;
  const Matrix<double> nothing(3, 2);
  EXPECT_EQ(*best_pairs(nothing.view(), run), (std::vector<std::int32_t>{-1, -1, -1}));
  EXPECT_EQ(best_pairs(Matrix<double>(2, 0).view(), run)->size(), 2U);
  EXPECT_TRUE(best_pairs(Matrix<double>().view(), run)->empty());
}

}  // namespace
}  // namespace topograph
