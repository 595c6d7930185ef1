#include "topograph/linalg/dense_products.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols, std::uint64_t seed) {
  const RandomKey key = random_key(seed, "test.dense_products");
  Matrix<T> x(rows, cols);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(normal(key, i, 0));
  return x;
}

TEST(GramTimes, EqualsTheGramMatrixTimesTheColumns) {
  const auto x = random_matrix<float>(1300, 9, 1);
  const auto b = random_matrix<double>(9, 4, 2);
  const std::vector<double> shift = {1, 0, -2, 0.5, 0, 3, 0, 0, 0.25};
  RunContext run;
  const auto products = gram(x.view(), shift, run);
  const auto found = gram_times(x.view(), shift, b, run);
  ASSERT_TRUE(products && found);
  for (std::size_t i = 0; i < 9; ++i) {
    for (std::size_t c = 0; c < 4; ++c) {
      double sum = 0;
      for (std::size_t j = 0; j < 9; ++j) sum += (*products)[i, j] * b[j, c];
      EXPECT_NEAR(((*found)[i, c]), sum, 1e-8);
    }
  }
}

TEST(GramTimes, HasTheSameBitsForAnyNumberOfThreads) {
  const auto x = random_matrix<float>(2500, 6, 3);
  const auto b = random_matrix<double>(6, 3, 4);
  RunContext one({.threads = 1});
  const auto first = gram_times(x.view(), {}, b, one);
  ASSERT_TRUE(first);
  for (const int threads : {2, 3, 7}) {
    RunContext many({.threads = threads});
    const auto other = gram_times(x.view(), {}, b, many);
    ASSERT_TRUE(other);
    EXPECT_TRUE(std::equal(first->data(), first->data() + first->size(), other->data()));
  }
}

TEST(Project, EqualsTheProductsInFloat64AsFarAsFloat32Goes) {
  const auto x = random_matrix<float>(700, 33, 6);
  const auto axes = random_matrix<float>(5, 33, 7);
  std::vector<float> shift(33);
  for (std::size_t c = 0; c < 33; ++c) shift[c] = 0.1F * static_cast<float>(c) - 1.0F;
  Matrix<float> first;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    auto found = project(x.view(), shift, axes.view(), run);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->rows(), 700U);
    if (threads == 1) first = std::move(*found);
    if (threads == 1) continue;
    EXPECT_TRUE(std::equal(first.data(), first.data() + first.size(), found->data()));
  }
  for (std::size_t r = 0; r < 700; ++r) {
    for (std::size_t k = 0; k < 5; ++k) {
      double sum = 0;
      for (std::size_t c = 0; c < 33; ++c) {
        sum += (static_cast<double>(x[r, c]) - static_cast<double>(shift[c])) *
               static_cast<double>(axes[k, c]);
      }
      ASSERT_NEAR((first[r, k]), sum, 2e-5);
    }
  }
}

TEST(Scatter, EqualsTheGramMatrixAsFarAsFloat32Goes) {
  for (const float size : {1.0F, 1e-15F, 1e-30F, 1e18F, 1e30F}) {
    auto x = random_matrix<float>(4700, 9, 5);
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] *= size;
    const std::vector<double> mean(9, static_cast<double>(size) / 4);
    RunContext run;
    const auto exact = gram(x.view(), mean, run);
    const auto quick = scatter(x.view(), mean, run);
    ASSERT_TRUE(exact && quick);
    for (std::size_t i = 0; i < 9; ++i) {
      for (std::size_t j = 0; j < 9; ++j) {
        const double scale = exact->data()[0];
        EXPECT_NEAR(((*quick)[i, j]), ((*exact)[i, j]), 1e-6 * scale) << size;
      }
    }
    for (const int threads : {1, 2, 3, 7}) {
      RunContext many({.threads = threads});
      const auto other = scatter(x.view(), mean, many);
      ASSERT_TRUE(other);
      EXPECT_TRUE(std::equal(quick->data(), quick->data() + quick->size(), other->data()));
    }
  }
}

}  // namespace
}  // namespace topograph
