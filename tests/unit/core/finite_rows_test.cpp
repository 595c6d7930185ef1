#include "topograph/core/finite_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace topograph {
namespace {

TEST(FiniteRows, NamesTheFirstBadRowForAnyNumberOfThreads) {
  Matrix<float> x(5000, 3);
  x[4100, 1] = std::numeric_limits<float>::infinity();
  x[4500, 0] = std::nanf("");
  for (const int threads : {1, 2, 7}) {
    RunContext run({.threads = threads});
    EXPECT_EQ(check_finite_rows(x.view(), "x", run).error().where, "x row 4100");
    EXPECT_EQ(check_finite_rows(x.view(), {}, run, 10).error().where, "row 4110");
    EXPECT_TRUE(check_finite_rows(x.view().rows(0, 4100), "x", run));
  }
}

TEST(FiniteRows, AcceptsTheLargestNumbersAndNoRows) {
  Matrix<float> x(4, 2);
  x[3, 1] = std::numeric_limits<float>::max();
  x[2, 0] = -std::numeric_limits<float>::max();
  RunContext run({.threads = 1});
  EXPECT_TRUE(check_finite_rows(x.view(), "x", run));
  EXPECT_TRUE(check_finite_rows(Matrix<float>().view(), "x", run));
}

}  // namespace
}  // namespace topograph
