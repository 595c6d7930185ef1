#include "../src/reduce/row_pool.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <numeric>
#include <vector>

namespace topograph::detail {
namespace {

Matrix<float> numbered(std::size_t n) {
  Matrix<float> rows(n, 2);
  for (std::size_t r = 0; r < n; ++r) {
    rows[r, 0] = static_cast<float>(r);
    rows[r, 1] = -static_cast<float>(r);
  }
  return rows;
}

struct Place {
  std::int32_t row = 0;
  float x = 0;
  float y = 0;
};

std::vector<Place> places(const RowPool& pool) {
  std::vector<Place> found;
  for (std::size_t b = 0; b < pool.n_blocks(); ++b) {
    const float* block = pool.data() + b * 48;
    for (std::size_t r = 0; r < 16; ++r) {
      found.push_back({std::bit_cast<std::int32_t>(block[32 + r]), block[r], block[16 + r]});
    }
  }
  return found;
}

TEST(RowPool, HoldsEveryRowWithItsNumber) {
  const Matrix<float> rows = numbered(5001);
  RunContext run;
  RowPool pool(5001, 2, {}, random_key(1, "test"));
  ASSERT_TRUE(pool.fill(rows.view(), 3, run));
  std::vector<int> times(5001, 0);
  for (const Place& place : places(pool)) {
    EXPECT_EQ(place.x, static_cast<float>(place.row));
    EXPECT_EQ(place.y, -static_cast<float>(place.row));
    ++times[static_cast<std::size_t>(place.row)];
  }
  // The last block is filled up from the first row on.
  for (const int n : times) EXPECT_TRUE(n == 1 || n == 2);
  EXPECT_EQ(std::accumulate(times.begin(), times.end(), 0), 5008);
}

TEST(RowPool, BeginsElsewhereInEveryEpoch) {
  const Matrix<float> rows = numbered(5000);
  RunContext run;
  RowPool pool(5000, 2, {}, random_key(1, "test"));
  ASSERT_TRUE(pool.fill(rows.view(), 1, run));
  const std::int32_t first = places(pool)[0].row;
  ASSERT_TRUE(pool.fill(rows.view(), 2, run));
  EXPECT_NE(places(pool)[0].row, first);
}

TEST(RowPool, RepeatsRowsByTheirWeight) {
  const Matrix<float> rows = numbered(100);
  std::vector<std::int32_t> weights(100, 1);
  weights[7] = 30;
  RunContext run;
  RowPool pool(100, 2, weights, random_key(1, "test"));
  ASSERT_TRUE(pool.fill(rows.view(), 1, run));
  std::vector<int> times(100, 0);
  for (const Place& place : places(pool)) ++times[static_cast<std::size_t>(place.row)];
  EXPECT_NEAR(times[7], 30 * times[8], 30);
  EXPECT_GE(times[8], 4096 / 129);
}

TEST(RowPool, MixesFewRows) {
  const Matrix<float> rows = numbered(40);
  RunContext run;
  RowPool pool(40, 2, {}, random_key(1, "test"));
  ASSERT_TRUE(pool.fill(rows.view(), 1, run));
  const std::vector<Place> found = places(pool);
  ASSERT_GE(found.size(), 4096U);
  int pairs_in_order = 0;
  for (std::size_t i = 1; i < found.size(); ++i) {
    pairs_in_order += found[i].row == found[i - 1].row + 1 ? 1 : 0;
  }
  EXPECT_LT(pairs_in_order, 200);  // by chance about 100
}

}  // namespace
}  // namespace topograph::detail
