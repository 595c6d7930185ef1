// densMAP: radii of rows and places, and the pull between them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

/// Rows of four clouds, row r in cloud r % 4, each three times as wide as the one before.
Matrix<float> clouds(std::size_t n) {
  const RandomKey key = random_key(3, "test.clouds");
  Matrix<float> x(n, 6);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      const double center = 40.0 * uniform(key, r % 4, 1000 + c);
      const double width = 0.1 * std::pow(3.0, static_cast<double>(r % 4));
      x[r, c] = static_cast<float>(center + width * normal(key, r, c));
    }
  }
  return x;
}

bool same_bits(const Matrix<float>& a, const Matrix<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += static_cast<double>(a[i]) / static_cast<double>(a.size());
    mean_b += static_cast<double>(b[i]) / static_cast<double>(a.size());
  }
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double da = static_cast<double>(a[i]) - mean_a;
    const double db = static_cast<double>(b[i]) - mean_b;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / std::sqrt(aa * bb);
}

double layout_correlation(const UmapOptions& options) {
  RunContext run;
  const Matrix<float> x = clouds(320);
  const auto result = umap(x.view(), options, run);
  EXPECT_TRUE(result) << to_string(result.error());
  return correlation(result->log_radii, result->layout_log_radii);
}

TEST(Densmap, MakesSparseCloudsWide) {
  const double plain = layout_correlation({.output_dens = true});
  const double dense = layout_correlation({.densmap = true, .output_dens = true});
  EXPECT_LT(plain, 0.5);
  EXPECT_GT(dense, 0.85);
}

TEST(Densmap, FollowsItsWeight) {
  const UmapOptions weak{.densmap = true, .dens_lambda = 0.05F, .output_dens = true};
  const UmapOptions strong{.densmap = true, .dens_lambda = 2.0F, .output_dens = true};
  EXPECT_LT(layout_correlation(weak), layout_correlation(strong));
}

TEST(Densmap, WithoutWeightOrShareOfTheEpochsIsUmap) {
  const Matrix<float> x = clouds(120);
  RunContext run;
  const auto plain = umap(x.view(), {.n_epochs = 60}, run);
  const auto weightless = umap(x.view(), {.n_epochs = 60, .densmap = true, .dens_lambda = 0}, run);
  const auto never = umap(x.view(), {.n_epochs = 60, .densmap = true, .dens_frac = 0}, run);
  ASSERT_TRUE(plain && weightless && never);
  EXPECT_TRUE(same_bits(weightless->coords, plain->coords));
  EXPECT_TRUE(same_bits(never->coords, plain->coords));
  EXPECT_TRUE(plain->log_radii.empty());
  EXPECT_TRUE(weightless->log_radii.empty());
}

TEST(Densmap, CountsFromTheGivenShareOfTheEpochs) {
  const Matrix<float> x = clouds(120);
  RunContext run;
  const UmapOptions half{.n_epochs = 60, .densmap = true, .dens_frac = 0.5F};
  const UmapOptions all{.n_epochs = 60, .densmap = true, .dens_frac = 1.0F};
  const UmapOptions shifted{.n_epochs = 60, .densmap = true, .dens_frac = 1, .dens_var_shift = 5};
  const auto first = umap(x.view(), half, run);
  const auto second = umap(x.view(), all, run);
  const auto third = umap(x.view(), shifted, run);
  ASSERT_TRUE(first && second && third);
  EXPECT_FALSE(same_bits(first->coords, second->coords));
  EXPECT_FALSE(same_bits(second->coords, third->coords));
}

TEST(Densmap, RunsTwoHundredEpochsMore) {
  const Matrix<float> x = clouds(40);
  RunContext run;
  EXPECT_EQ(umap(x.view(), {}, run)->n_epochs, 500);
  EXPECT_EQ(umap(x.view(), {.densmap = true}, run)->n_epochs, 700);
}

TEST(Densmap, NeedsTheRows) {
  const Matrix<float> x = clouds(60);
  RunContext run;
  const auto knn = exact_knn(x.view(), 14, Metric::euclidean, run);
  ASSERT_TRUE(knn);
  const auto dense = umap(*knn, {}, {}, {.densmap = true}, run);
  ASSERT_FALSE(dense);
  EXPECT_EQ(dense.error().where, "x");
  EXPECT_THAT(to_string(dense.error()), HasSubstr("densmap"));
  EXPECT_FALSE(umap(*knn, {}, {}, {.output_dens = true}, run));
  EXPECT_TRUE(umap(*knn, x.view(), {}, {.n_epochs = 5, .densmap = true}, run));
}

TEST(Densmap, PlacesRowsThatHaveNoDensity) {
  RunContext run;
  const UmapOptions options{.n_epochs = 20,
                            .disconnection_distance = 5.0F,
                            .densmap = true,
                            .dens_frac = 1,
                            .dens_var_shift = 0,
                            .output_dens = true};
  Matrix<float> x = clouds(60);
  for (std::size_t c = 0; c < x.cols(); ++c) x[7, c] = 1000.0F;
  const auto isolated = umap(x.view(), options, run);
  ASSERT_TRUE(isolated) << to_string(isolated.error());
  EXPECT_TRUE(std::isnan(isolated->log_radii[7]));
  EXPECT_TRUE(std::isfinite(isolated->log_radii[6]));
  const auto equal = umap(Matrix<float>(40, 3).view(), options, run);
  ASSERT_TRUE(equal) << to_string(equal.error());
  for (const auto* result : {&*isolated, &*equal}) {
    for (std::size_t i = 0; i < result->coords.size(); ++i) {
      ASSERT_TRUE(std::isfinite(result->coords.data()[i])) << i;
    }
  }
  const auto one = umap(Matrix<float>(1, 3).view(), options, run);
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->log_radii.size(), 1U);
}

TEST(LogRadii, AreMeanSquaredDistancesOverTheEdges) {
  // Two rows 3 apart: one edge of weight 1.
  Matrix<float> x(2, 2);
  x[1, 0] = 3;
  RunContext run;
  for (const auto& [metric, radius] :
       {std::pair{Metric::euclidean, 9.0}, std::pair{Metric::cosine, 1.0}}) {
    const auto result = umap(x.view(), {.metric = metric, .n_epochs = 0, .output_dens = true}, run);
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_NEAR(result->log_radii[0], std::log(radius), 1e-6);
    EXPECT_NEAR(result->log_radii[1], std::log(radius), 1e-6);
  }
}

}  // namespace
}  // namespace topograph
