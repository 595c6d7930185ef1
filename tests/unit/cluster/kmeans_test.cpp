#include "topograph/cluster/kmeans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stop_token>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

Matrix<float> points(std::initializer_list<std::initializer_list<float>> rows) {
  Matrix<float> x(rows.size(), rows.begin()->size());
  std::size_t r = 0;
  for (const auto& row : rows) {
    std::ranges::copy(row, x.row(r++).begin());
  }
  return x;
}

TEST(KMeans, FindsTwoPairs) {
  RunContext run;
  const auto x = points({{0, 0}, {0, 2}, {10, 0}, {10, 2}, {10, 1}});
  const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 2}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_THAT(found->clusters.labels, ElementsAre(1, 1, 0, 0, 0));
  EXPECT_DOUBLE_EQ(found->inertia, 4);
  EXPECT_THAT(found->centers.row(0), ElementsAre(10, 1));
  EXPECT_THAT(found->centers.row(1), ElementsAre(0, 1));
  EXPECT_TRUE(found->has_converged);
}

TEST(KMeans, StrengthFallsFromOneAtTheCenterTowardsZeroHalfway) {
  RunContext run;
  const auto x = points({{0}, {2}, {4}, {8}, {10}, {12}});
  const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 2}, run);
  ASSERT_TRUE(found);
  EXPECT_FLOAT_EQ(found->clusters.strength[1], 1);
  EXPECT_NEAR(found->clusters.strength[2], 1 - 2.0 / 6.0, 1e-5);
}

TEST(KMeans, OneClusterIsTheMeanWithStrengthOne) {
  RunContext run;
  const auto found = kmeans(points({{1}, {2}, {6}}).view(), {}, {}, {.n_clusters = 1}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->centers.row(0), ElementsAre(3));
  EXPECT_THAT(found->clusters.strength, Each(1));
}

TEST(KMeans, NeverMakesMoreClustersThanThereAreDifferentPoints) {
  RunContext run;
  const auto x = points({{1, 1}, {1, 1}, {5, 5}, {5, 5}, {5, 5}});
  for (const KMeansInit init : {KMeansInit::kmeans_plus_plus, KMeansInit::random}) {
    const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 4, .init = init}, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->clusters.n_clusters, 2);
    EXPECT_EQ(found->centers.rows(), 2U);
    EXPECT_THAT(found->clusters.labels, ElementsAre(1, 1, 0, 0, 0));
    EXPECT_EQ(found->inertia, 0);
  }
}

TEST(KMeans, OnePointAndEqualPointsAreOneCluster) {
  RunContext run;
  for (const std::size_t n : {1U, 50U}) {
    const Matrix<float> x(n, 3);
    const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 3}, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->clusters.n_clusters, 1);
    EXPECT_THAT(found->clusters.strength, Each(1));
  }
}

TEST(KMeans, SphericalGroupsByDirection) {
  RunContext run;
  const auto x = points({{1, 0}, {50, 1}, {0, 2}, {1, 90}, {0, 7}});
  const auto found = kmeans(x.view(), {}, {}, {.n_clusters = 2, .spherical = true}, run);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->clusters.labels, ElementsAre(1, 1, 0, 0, 0));
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_NEAR(std::hypot(found->centers[c, 0], found->centers[c, 1]), 1, 1e-6);
  }
  const auto predicted = predict_centers(found->centers.view(), x.view(), true, run);
  ASSERT_TRUE(predicted);
  EXPECT_EQ(predicted->labels, found->clusters.labels);
}

TEST(KMeans, MoreStartsNeverGiveMoreInertia) {
  const RandomKey key = random_key(3, "test.kmeans");
  Matrix<float> x(400, 2);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t c = 0; c < 2; ++c) x[i, c] = static_cast<float>(uniform(key, i, c));
  }
  RunContext run;
  const auto one = kmeans(x.view(), {}, {}, {.n_clusters = 12}, run);
  const auto many = kmeans(x.view(), {}, {}, {.n_clusters = 12, .n_init = 8}, run);
  ASSERT_TRUE(one && many);
  EXPECT_LE(many->inertia, one->inertia);
}

TEST(KMeans, NamesTheRowThatIsNotFinite) {
  RunContext run;
  auto x = points({{1}, {2}, {3}});
  x[1, 0] = std::numeric_limits<float>::quiet_NaN();
  const auto found = kmeans(x.view(), {}, {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("row 1"));
  const auto predicted = predict_centers(points({{0}}).view(), x.view(), false, run);
  ASSERT_FALSE(predicted);
  EXPECT_THAT(to_string(predicted.error()), HasSubstr("row 1"));
}

TEST(KMeans, RefusesNoPointsAndStartsOfAnotherWidth) {
  RunContext run;
  EXPECT_FALSE(kmeans(Matrix<float>(0, 2).view(), {}, {}, {}, run));
  const auto x = points({{1, 2}, {3, 4}});
  EXPECT_FALSE(kmeans(x.view(), {}, points({{1, 2, 3}}).view(), {}, run));
  EXPECT_FALSE(kmeans(x.view(), {}, {}, {.n_clusters = 0}, run));
}

TEST(KMeans, CompareExactlyWhereFloatsCannotTell) {
  // Both centers are nearly as far: float32 scores of rows at 1e5 cannot separate them.
  RunContext run;
  const auto starts = points({{100000.0F, 0}, {100000.0F, 0.0625F}});
  const auto x = points({{100000.0F, 0.03125F}, {100000.0F, 0.046875F}});
  const auto predicted = predict_centers(starts.view(), x.view(), false, run);
  ASSERT_TRUE(predicted);
  EXPECT_THAT(predicted->labels, ElementsAre(0, 1));
}

TEST(KMeans, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.stop = stop.get_token()});
  const Matrix<float> x(5000, 4);
  const auto found = kmeans(x.view(), {}, {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph
