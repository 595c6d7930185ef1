#include "topograph/reduce/umap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <stop_token>
#include <vector>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// `per_blob` rows around each of `n_blobs` centres far apart, in 5 dimensions.
Matrix<float> blobs(std::size_t n_blobs, std::size_t per_blob) {
  const RandomKey key = random_key(7, "test.blobs");
  Matrix<float> x(n_blobs * per_blob, 5);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      const double center = 20.0 * uniform(key, r / per_blob, 1000 + c);
      x[r, c] = static_cast<float>(center + 0.3 * normal(key, r, c));
    }
  }
  return x;
}

bool is_finite(const Matrix<float>& m) {
  return std::all_of(m.data(), m.data() + m.size(), [](float v) { return std::isfinite(v); });
}

double distance(const Matrix<float>& m, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t c = 0; c < m.cols(); ++c) {
    const double difference = static_cast<double>(m[a, c]) - static_cast<double>(m[b, c]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

TEST(FitAb, ReproducesThePublishedCheckValues) {
  const struct {
    double min_dist, a, b;
  } cases[] = {{0.0, 1.93281, 0.790495}, {0.1, 1.57694, 0.895061}, {0.15, 1.41400, 0.948815}};
  for (const auto& expected : cases) {
    const CurveAb fitted = fit_ab(1.0, expected.min_dist);
    EXPECT_NEAR(fitted.a, expected.a, 1e-5 * expected.a) << expected.min_dist;
    EXPECT_NEAR(fitted.b, expected.b, 1e-5 * expected.b) << expected.min_dist;
  }
}

TEST(Umap, KeepsSeparatedBlobsSeparate) {
  const Matrix<float> x = blobs(3, 60);
  RunContext run;
  const auto result = umap(x.view(), {}, run);
  ASSERT_TRUE(result) << to_string(result.error());
  double widest = 0;
  double closest = 1e9;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double d = distance(result->coords, i, j);
      if (i / 60 == j / 60) {
        widest = std::max(widest, d);
      } else {
        closest = std::min(closest, d);
      }
    }
  }
  EXPECT_LT(widest, 2.0 * closest);
  EXPECT_GT(closest, 1.0);
}

TEST(Umap, LaysOutEqualRowsWithFiniteCoordinates) {
  const Matrix<float> x(50, 4);
  RunContext run;
  for (const Metric metric : {Metric::euclidean, Metric::cosine}) {
    const auto result = umap(x.view(), {.metric = metric}, run);
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_TRUE(is_finite(result->coords));
  }
}

TEST(Umap, HandlesAnyTinyNumberOfRows) {
  RunContext run;
  for (const std::size_t n : {0U, 1U, 2U, 3U, 4U, 5U, 7U}) {
    const Matrix<float> all = blobs(1, 7);
    const auto result = umap(all.view().rows(0, n), {.n_components = 3}, run);
    ASSERT_TRUE(result) << n << ": " << to_string(result.error());
    EXPECT_EQ(result->coords.rows(), n);
    EXPECT_EQ(result->coords.cols(), 3U);
    EXPECT_TRUE(is_finite(result->coords)) << n;
  }
}

TEST(Umap, PlacesOneRowAtTheOrigin) {
  const Matrix<float> x = blobs(1, 1);
  RunContext run;
  const auto result = umap(x.view(), {}, run);
  ASSERT_TRUE(result);
  EXPECT_EQ((result->coords[0, 0]), 0.0F);
  EXPECT_EQ((result->coords[0, 1]), 0.0F);
}

TEST(Umap, WarnsWhenThereAreFewerRowsThanNeighbors) {
  const Matrix<float> x = blobs(1, 10);
  RunContext run;
  const auto result = umap(x.view(), {.n_neighbors = 15}, run);
  ASSERT_TRUE(result);
  ASSERT_THAT(result->warnings, SizeIs(1));
  EXPECT_THAT(result->warnings[0], HasSubstr("from 15 to 10"));
  EXPECT_THAT(run.warnings(), SizeIs(1));
}

TEST(Umap, RejectsMinDistAboveSpread) {
  const Matrix<float> x = blobs(1, 10);
  RunContext run;
  const auto result = umap(x.view(), {.min_dist = 2.0F, .spread = 1.0F}, run);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result.error().where, "min_dist");
}

TEST(Umap, RejectsOptionsOutOfRangeByName) {
  const Matrix<float> x = blobs(1, 10);
  RunContext run;
  const auto result = umap(x.view(), {.n_components = 0}, run);
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()), HasSubstr("n_components"));
}

TEST(Umap, RejectsRowsThatDoNotMatchTheGraph) {
  FuzzyGraph graph;
  graph.edges.offsets = {0, 1, 2};
  graph.edges.columns = {1, 0};
  graph.edges.values = {1.0F, 1.0F};
  graph.edges.n_cols = 2;
  const Matrix<float> x = blobs(1, 3);
  RunContext run;
  const auto result = umap(graph, x.view(), {}, run);
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()), HasSubstr("found 3"));
}

TEST(Umap, StopsWhenAsked) {
  const Matrix<float> x = blobs(2, 40);
  std::stop_source source;
  source.request_stop();
  RunContext run({.stop = source.get_token()});
  const auto result = umap(x.view(), {}, run);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST(Umap, ReturnsTheStartWhenThereAreNoEpochs) {
  const Matrix<float> x = blobs(2, 40);
  RunContext run;
  for (const UmapInit init : {UmapInit::spectral, UmapInit::pca, UmapInit::random}) {
    const auto result = umap(x.view(), {.n_epochs = 0, .init = init}, run);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->n_epochs, 0);
    EXPECT_EQ(result->is_spectral, init == UmapInit::spectral);
    const auto [low, high] =
        std::minmax_element(result->coords.data(), result->coords.data() + result->coords.size());
    EXPECT_GE(*low, 0.0F);
    EXPECT_LE(*high, 10.0001F);
  }
}

TEST(Umap, TakesTheCurveFromTheOptionsAndFitsTheRest) {
  const Matrix<float> x = blobs(2, 20);
  RunContext run;
  const auto both = umap(x.view(), {.n_epochs = 1, .a = 1.5F, .b = 0.7F}, run);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->curve.a, 1.5);
  EXPECT_FLOAT_EQ(static_cast<float>(both->curve.b), 0.7F);
  const CurveAb free = fit_ab(1.0, 0.1);
  const auto held = umap(x.view(), {.n_epochs = 1, .a = static_cast<float>(free.a)}, run);
  ASSERT_TRUE(held);
  EXPECT_NEAR(held->curve.b, free.b, 1e-5);
}

}  // namespace
}  // namespace topograph
