#include "topograph/linalg/symmetric_eigen.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

Matrix<double> symmetric(std::size_t n) {
  Matrix<double> a(n, n);
  const RandomKey key = random_key(3, "test.symmetric");
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) a[i, j] = a[j, i] = normal(key, i, j);
  }
  return a;
}

void expect_vectors_of(const Matrix<double>& a, const SymmetricEigen& found) {
  const std::size_t n = a.rows();
  for (std::size_t v = 0; v < n; ++v) {
    if (v > 0) {
      EXPECT_LE(found.values[v - 1], found.values[v]);
    }
    for (std::size_t i = 0; i < n; ++i) {
      double image = 0;
      double overlap = 0;
      for (std::size_t j = 0; j < n; ++j) {
        image += a[i, j] * found.vectors[v, j];
        overlap += found.vectors[i, j] * found.vectors[v, j];
      }
      image -= found.values[v] * found.vectors[v, i];
      EXPECT_NEAR(image, 0, 1e-10);
      EXPECT_NEAR(overlap, i == v ? 1 : 0, 1e-12);
    }
  }
}

TEST(SymmetricEigen, TurnsAVectorIntoAMultipleOfItself) {
  for (const std::size_t n : {1U, 2U, 7U, 60U}) {
    const Matrix<double> a = symmetric(n);
    const auto found = symmetric_eigen(a);
    ASSERT_TRUE(found);
    expect_vectors_of(a, *found);
  }
}

TEST(SymmetricEigen, VectorsOfEqualValuesAreOrthogonal) {
  Matrix<double> a(40, 40);  // of rank 1: 39 values are 0
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < 40; ++j) a[i, j] = 1;
  }
  const auto found = symmetric_eigen(a);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->values.back(), 40, 1e-10);
  expect_vectors_of(a, *found);
}

TEST(SymmetricEigen, ReadsTheUpperTriangle) {
  Matrix<double> a = symmetric(9);
  const auto whole = symmetric_eigen(a);
  for (std::size_t i = 0; i < 9; ++i) {
    for (std::size_t j = 0; j < i; ++j) a[i, j] = 1e6;
  }
  const auto upper = symmetric_eigen(a);
  ASSERT_TRUE(whole && upper);
  EXPECT_EQ(whole->values, upper->values);
}

TEST(LargestEigen, AreTheLastOfAll) {
  const Matrix<double> a = symmetric(60);
  const auto all = symmetric_eigen(a);
  const auto few = largest_eigen(a, 7);
  ASSERT_TRUE(all && few);
  ASSERT_EQ(few->values.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_NEAR(few->values[i], all->values[53 + i], 1e-9);
    double dot = 0;
    for (std::size_t c = 0; c < 60; ++c) dot += few->vectors[i, c] * all->vectors[53 + i, c];
    EXPECT_NEAR(std::abs(dot), 1.0, 1e-9);
  }
}

TEST(LargestEigen, VectorsOfEqualValuesAreOrthogonal) {
  Matrix<double> a(40, 40);
  for (std::size_t i = 0; i < 40; ++i) a[i, i] = 3;
  const auto few = largest_eigen(a, 5);
  ASSERT_TRUE(few);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      double dot = 0;
      for (std::size_t c = 0; c < 40; ++c) dot += few->vectors[i, c] * few->vectors[j, c];
      EXPECT_NEAR(dot, i == j ? 1.0 : 0.0, 1e-12);
    }
  }
  EXPECT_TRUE(largest_eigen(Matrix<double>(3, 3), 0));
}

TEST(SymmetricEigen, TakesNothing) { EXPECT_TRUE(symmetric_eigen(Matrix<double>(0, 0))); }

}  // namespace
}  // namespace topograph
