#include <gtest/gtest.h>

#include <cstring>
#include <vector>

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

class UmapStarts : public ::testing::TestWithParam<UmapInit> {};

TEST_P(UmapStarts, GiveTheSameBits) {
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

INSTANTIATE_TEST_SUITE_P(Starts, UmapStarts,
                         ::testing::Values(UmapInit::spectral, UmapInit::pca, UmapInit::random),
                         [](const auto& start) { return std::string(enum_name(start.param)); });

TEST(UmapThreads, GiveTheSameBitsWhereTheStartComesFromSmallerGraphs) {
  const Matrix<float> x = random_rows(5000);
  Matrix<float> first;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    auto result = umap(x.view(), {.n_epochs = 2}, run);
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_TRUE(result->is_spectral);
    if (threads == 1) first = std::move(result->coords);
    if (threads == 1) continue;
    EXPECT_EQ(std::memcmp(result->coords.data(), first.data(), first.size() * sizeof(float)), 0)
        << threads;
  }
}

TEST(UmapThreads, GiveTheSameBitsWithDensitiesAndCopies) {
  const Matrix<float> x = random_rows(1100);
  std::vector<std::int32_t> copies(x.rows(), 1);
  for (std::size_t r = 0; r < copies.size(); r += 3) copies[r] = 4;
  const UmapOptions options{
      .n_epochs = 15, .init = UmapInit::pca, .densmap = true, .dens_frac = 1, .output_dens = true};
  std::vector<float> coords;
  std::vector<float> radii;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto result = umap({.x = x.view(), .copies = copies}, options, run);
    ASSERT_TRUE(result) << to_string(result.error());
    const std::vector<float> found(result->coords.data(),
                                   result->coords.data() + result->coords.size());
    if (threads == 1) {
      coords = found;
      radii = result->layout_log_radii;
    }
    EXPECT_EQ(found, coords) << threads;
    EXPECT_EQ(result->layout_log_radii, radii) << threads;
  }
}

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
