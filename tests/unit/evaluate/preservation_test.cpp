#include "topograph/evaluate/preservation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::HasSubstr;

Matrix<float> cloud(std::size_t n, std::size_t d, std::uint64_t seed) {
  const RandomKey key = random_key(seed, "test.preservation");
  Matrix<float> x(n, d);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < d; ++c) x[r, c] = static_cast<float>(normal(key, r, c));
  }
  return x;
}

Matrix<float> line(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  std::ranges::copy(values, x.data());
  return x;
}

Matrix<float> first_columns(const Matrix<float>& x, std::size_t count) {
  Matrix<float> out(x.rows(), count);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < count; ++c) out[r, c] = x[r, c];
  }
  return out;
}

NeighborPreservation preserved(const Matrix<float>& x, const Matrix<float>& layout, std::size_t k,
                               std::size_t sample = 0, int threads = 1) {
  RunContext run({.threads = threads});
  return *neighbor_preservation(x.view(), layout.view(), {.n_neighbors = k, .sample = sample}, run);
}

TEST(NeighborPreservation, OfALayoutThatOnlyScalesIsPerfect) {
  const auto x = cloud(50, 3, 1);
  auto layout = x;
  for (std::size_t i = 0; i < layout.size(); ++i) layout.data()[i] *= 4;
  const auto found = preserved(x, layout, 5);
  EXPECT_EQ(found.trustworthiness, 1);
  EXPECT_EQ(found.continuity, 1);
  EXPECT_EQ(found.neighbors_kept, 1);
}

TEST(NeighborPreservation, CountsRanksByHand) {
  // Nearest in x: 1 0 1 2 3 (row 1 at equal distances: the smaller number; rows 2 and 3 likewise).
  // Nearest in the layout, where row 4 lies beside row 0: 4 0 1 2 0. Row 0 takes in row 4, ranked 4
  // in x, and row 4 takes in row 0, ranked 4: 3 + 3 beyond k = 1. Row 0 loses row 1, ranked 2, and
  // row 4 loses row 3, ranked 4: 1 + 3. The worst sum is 5 * (10 - 3 - 1) / 2 = 15.
  const auto found = preserved(line({0, 1, 2, 3, 4}), line({0, 1, 2, 3, -0.5F}), 1);
  EXPECT_DOUBLE_EQ(found.trustworthiness, 1 - 6.0 / 15);
  EXPECT_DOUBLE_EQ(found.continuity, 1 - 4.0 / 15);
  EXPECT_DOUBLE_EQ(found.neighbors_kept, 3.0 / 5);
}

TEST(NeighborPreservation, IsMirroredWhenVectorsAndLayoutAreSwapped) {
  const auto x = cloud(80, 2, 2);
  const auto y = cloud(80, 2, 3);
  const auto there = preserved(x, y, 6);
  const auto back = preserved(y, x, 6);
  EXPECT_EQ(there.trustworthiness, back.continuity);
  EXPECT_EQ(there.continuity, back.trustworthiness);
  EXPECT_EQ(there.neighbors_kept, back.neighbors_kept);
  EXPECT_LT(there.trustworthiness, 0.7);
}

TEST(NeighborPreservation, ASampleComesCloseToTheWholeAndThreadsChangeNothing) {
  const auto x = cloud(1500, 4, 4);
  const auto layout = first_columns(x, 2);
  const auto all = preserved(x, layout, 10);
  const auto some = preserved(x, layout, 10, 300);
  EXPECT_NE(some.trustworthiness, all.trustworthiness);
  EXPECT_NEAR(some.trustworthiness, all.trustworthiness, 0.02);
  EXPECT_NEAR(some.continuity, all.continuity, 0.02);
  EXPECT_NEAR(some.neighbors_kept, all.neighbors_kept, 0.03);
  for (const int threads : {2, 3, 7}) {
    const auto again = preserved(x, layout, 10, 0, threads);
    EXPECT_EQ(again.trustworthiness, all.trustworthiness);
    EXPECT_EQ(again.continuity, all.continuity);
    EXPECT_EQ(again.neighbors_kept, all.neighbors_kept);
  }
}

TEST(NeighborPreservation, RefusesOtherShapesNeighborsOutOfRangeAndNaN) {
  RunContext run;
  const auto x = cloud(10, 2, 5);
  const auto error = [&](const Matrix<float>& layout, std::size_t k) {
    const auto found = neighbor_preservation(x.view(), layout.view(), {.n_neighbors = k}, run);
    return found ? std::string() : to_string(found.error());
  };
  EXPECT_THAT(error(cloud(9, 2, 5), 2), HasSubstr("found 9"));
  EXPECT_THAT(error(x, 0), HasSubstr("n_neighbors"));
  EXPECT_THAT(error(x, 5), HasSubstr("n_neighbors"));
  EXPECT_EQ(error(x, 4), "");
  auto broken = x;
  broken[7, 1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(error(broken, 2), HasSubstr("layout row 7"));
}

TEST(Procrustes, SeesThroughRotationReflectionScaleAndPlace) {
  const auto a = cloud(700, 2, 6);
  Matrix<float> b(a.rows(), 2);
  for (std::size_t r = 0; r < a.rows(); ++r) {
    b[r, 0] = 5 * a[r, 1] + 2;
    b[r, 1] = 5 * a[r, 0] - 30;
  }
  RunContext run;
  EXPECT_NEAR(*procrustes_disparity(a.view(), b.view(), run), 0, 1e-9);
  const double apart = *procrustes_disparity(a.view(), cloud(700, 2, 7).view(), run);
  EXPECT_GT(apart, 0.9);
  EXPECT_LE(apart, 1);
  for (const int threads : {2, 3, 7}) {
    RunContext other({.threads = threads});
    EXPECT_EQ(*procrustes_disparity(a.view(), cloud(700, 2, 7).view(), other), apart);
  }
}

TEST(Procrustes, RefusesOtherShapesEqualRowsAndNaN) {
  RunContext run;
  const auto a = cloud(8, 2, 8);
  const auto narrower = procrustes_disparity(a.view(), cloud(8, 1, 8).view(), run);
  ASSERT_FALSE(narrower);
  EXPECT_THAT(to_string(narrower.error()), HasSubstr("8 x 1"));
  EXPECT_FALSE(procrustes_disparity(a.view(), Matrix<float>(8, 2).view(), run));
  auto broken = a;
  broken[3, 0] = std::numeric_limits<float>::infinity();
  const auto infinite = procrustes_disparity(broken.view(), a.view(), run);
  ASSERT_FALSE(infinite);
  EXPECT_THAT(to_string(infinite.error()), HasSubstr("a row 3"));
}

}  // namespace
}  // namespace topograph
