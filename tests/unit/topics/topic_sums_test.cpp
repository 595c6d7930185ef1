#include "topograph/topics/topic_sums.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "topograph/topics/topic_distances.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;

// [1 0 2] [0 3 0] [4 0 5]
Csr<double> example() {
  return {
      .offsets = {0, 2, 3, 5}, .columns = {0, 2, 1, 0, 2}, .values = {1, 2, 3, 4, 5}, .n_cols = 3};
}

TEST(SumRows, AddsRowsThatGoToTheSamePlace) {
  const auto sums = sum_rows(example().view(), std::array{1, -1, 1}, 3);
  EXPECT_THAT(sums.offsets, ElementsAre(0, 0, 2, 2));
  EXPECT_THAT(sums.columns, ElementsAre(0, 2));
  EXPECT_THAT(sums.values, ElementsAre(5, 7));
}

TEST(SumRows, LeavesOutWhatCancels) {
  const auto sums = sum_rows(example().view(), std::array{0, 0, 0}, 1, std::array{-4.0, 0.0, 1.0});
  EXPECT_THAT(sums.columns, ElementsAre(2));
  EXPECT_THAT(sums.values, ElementsAre(-3));
}

TEST(StackRows, KeepsBothInOrder) {
  const auto all = stack_rows(example().view(), example().view());
  EXPECT_EQ(all.rows(), 6U);
  EXPECT_THAT(all.offsets, ElementsAre(0, 2, 3, 5, 7, 8, 10));
}

TEST(UnitSums, LeavesEmptyRowsEmpty) {
  const Csr<double> rows = {
      .offsets = {0, 2, 2}, .columns = {0, 1}, .values = {1, -3}, .n_cols = 2};
  EXPECT_THAT(unit_sums(rows.view()).values, ElementsAre(0.25, -0.75));
}

TEST(CosineDistances, AreThoseOfDenseRowsAndOneForZeros) {
  RunContext run;
  const auto sparse = cosine_distances(example().view(), run);
  ASSERT_TRUE(sparse);
  Matrix<float> dense(3, 3);
  dense[0, 0] = 1, dense[0, 2] = 2, dense[1, 1] = 3, dense[2, 0] = 4, dense[2, 2] = 5;
  const auto same = cosine_distances(dense.view(), run);
  ASSERT_TRUE(same);
  ASSERT_EQ(sparse->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR((*sparse)[i], (*same)[i], 1e-12);
  EXPECT_NEAR((*sparse)[0], 1, 1e-12);
  EXPECT_NEAR((*sparse)[1], 1 - 14 / std::sqrt(5.0 * 41.0), 1e-12);
  const Matrix<float> zeros(2, 3);
  EXPECT_THAT(*cosine_distances(zeros.view(), run), ElementsAre(1));
  EXPECT_TRUE(cosine_distances(Matrix<float>().view(), run)->empty());
}

}  // namespace
}  // namespace topograph
