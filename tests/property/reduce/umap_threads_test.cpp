#include <gtest/gtest.h>

#include <cstring>

#include "topograph/core/random.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

Matrix<float> random_rows(std::size_t n) {
  const RandomKey key = random_key(11, "test.rows");
  Matrix<float> x(n, 8);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = static_cast<float>(normal(key, r, c) + 4.0 * static_cast<double>((r + c) % 3));
    }
  }
  return x;
}

class UmapThreads : public ::testing::TestWithParam<UmapInit> {};

TEST_P(UmapThreads, GiveTheSameBits) {
  const Matrix<float> x = random_rows(1500);
  for (const int dim : {2, 5, 7}) {
    const UmapOptions options{.n_components = dim, .n_epochs = 20, .init = GetParam()};
    Matrix<float> first;
    for (const int threads : {1, 2, 3, 7}) {
      RunContext run({.threads = threads});
      auto result = umap(x.view(), options, run);
      ASSERT_TRUE(result) << to_string(result.error());
      if (threads == 1) {
        first = std::move(result->coords);
        continue;
      }
      ASSERT_EQ(result->coords.size(), first.size());
      EXPECT_EQ(std::memcmp(result->coords.data(), first.data(), first.size() * sizeof(float)), 0)
          << threads << " threads, " << dim << " dimensions";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Starts, UmapThreads,
                         ::testing::Values(UmapInit::spectral, UmapInit::pca, UmapInit::random),
                         [](const auto& start) { return std::string(enum_name(start.param)); });

TEST(UmapSeed, ChangesTheLayout) {
  const Matrix<float> x = random_rows(100);
  RunContext one({.seed = 1});
  RunContext two({.seed = 2});
  const auto first = umap(x.view(), {.n_epochs = 5}, one);
  const auto second = umap(x.view(), {.n_epochs = 5}, two);
  ASSERT_TRUE(first && second);
  EXPECT_NE(std::memcmp(first->coords.data(), second->coords.data(),
                        first->coords.size() * sizeof(float)),
            0);
}

}  // namespace
}  // namespace topograph
