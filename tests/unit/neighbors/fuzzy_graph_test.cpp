#include "topograph/neighbors/fuzzy_graph.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

KnnGraph graph_of(const std::vector<std::vector<std::int32_t>>& ids,
                  const std::vector<std::vector<float>>& distances) {
  KnnGraph knn{Matrix<std::int32_t>(ids.size(), ids[0].size()),
               Matrix<float>(ids.size(), ids[0].size())};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t j = 0; j < ids[i].size(); ++j) {
      knn.ids[i, j] = ids[i][j];
      knn.distances[i, j] = distances[i][j];
    }
  }
  return knn;
}

/// Three rows on a line at 0, 1 and 3, two neighbours each.
KnnGraph line() { return graph_of({{1, 2}, {0, 2}, {1, 0}}, {{1, 3}, {1, 2}, {2, 3}}); }

TEST(SmoothKnn, MakesTheMembershipsSumToLog2OfNeighborsAndSelf) {
  RunContext run({.threads = 1});
  const auto scales = smooth_knn(line(), 1.0F, run);
  ASSERT_TRUE(scales.has_value());
  EXPECT_THAT(scales->rhos, testing::ElementsAre(1.0F, 1.0F, 2.0F));
  const double rest = std::log2(3.0) - 1.0;  // the nearest neighbour has membership 1
  const double gaps[] = {2.0, 1.0, 1.0};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(std::exp(-gaps[i] / static_cast<double>(scales->sigmas[i])), rest, 2e-5);
  }
}

TEST(SmoothKnn, TakesTheFirstDistanceAboveZeroAsRho) {
  RunContext run({.threads = 1});
  const auto knn = graph_of({{1, 2, 3}, {0, 2, 3}, {0, 1, 3}, {0, 1, 2}},
                            {{0, 0, 5}, {0, 0, 5}, {0, 0, 5}, {5, 5, 5}});
  const auto scales = smooth_knn(knn, 1.0F, run);
  ASSERT_TRUE(scales.has_value());
  EXPECT_THAT(scales->rhos, testing::Each(5.0F));
}

TEST(SmoothKnn, InterpolatesFractionalConnectivity) {
  RunContext run({.threads = 1});
  const auto knn = graph_of({{1, 2}, {0, 2}, {0, 1}}, {{1, 3}, {0, 2}, {0, 0}});
  const auto between = smooth_knn(knn, 1.5F, run);
  ASSERT_TRUE(between.has_value());
  EXPECT_THAT(between->rhos, testing::ElementsAre(2.0F, 2.0F, 0.0F));
  const auto below = smooth_knn(knn, 0.5F, run);
  ASSERT_TRUE(below.has_value());
  EXPECT_THAT(below->rhos, testing::ElementsAre(0.5F, 1.0F, 0.0F));
  const auto none = smooth_knn(knn, 0.0F, run);
  ASSERT_TRUE(none.has_value());
  EXPECT_THAT(none->rhos, testing::Each(0.0F));
}

TEST(SmoothKnn, NeverLetsSigmaFallBelowAShareOfTheMeanDistance) {
  RunContext run({.threads = 1});
  const auto knn = graph_of({{1, 2, 3}, {0, 2, 3}, {0, 1, 3}, {0, 1, 2}},
                            {{4, 4, 4}, {4, 4, 4}, {4, 4, 4}, {0, 0, 0}});
  const auto scales = smooth_knn(knn, 1.0F, run);
  ASSERT_TRUE(scales.has_value());
  EXPECT_FLOAT_EQ(scales->sigmas[0], 3e-3F);     // 0.001 * mean(0, 4, 4, 4)
  EXPECT_FLOAT_EQ(scales->sigmas[3], 2.25e-3F);  // no distance of its own: 0.001 * mean of all
}

TEST(SmoothKnn, RefusesDistancesThatAreNotOnes) {
  RunContext run({.threads = 1});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::vector<float>& bad : {std::vector<float>{-1, 1}, {1, nan}, {2, 1}}) {
    const auto scales =
        smooth_knn(graph_of({{1, 2}, {0, 2}, {0, 1}}, {{1, 1}, bad, {1, 1}}), 1, run);
    ASSERT_FALSE(scales.has_value());
    EXPECT_EQ(scales.error().where, "knn row 1");
  }
  EXPECT_FALSE(smooth_knn(line(), -1.0F, run).has_value());
  EXPECT_FALSE(smooth_knn(KnnGraph{}, 1.0F, run).has_value());
}

TEST(MembershipStrengths, GivesOneUpToRhoAndDecaysBeyond) {
  RunContext run({.threads = 1});
  const SmoothKnn scales{{2.0F, 0.0F, 1.0F}, {1.0F, 1.0F, 5.0F}};
  const auto weights = membership_strengths(line(), scales, run);
  ASSERT_TRUE(weights.has_value());
  EXPECT_THAT(weights->row(0), testing::ElementsAre(1.0F, testing::FloatEq(std::exp(-1.0F))));
  EXPECT_THAT(weights->row(1), testing::ElementsAre(1.0F, 1.0F));  // sigma 0
  EXPECT_THAT(weights->row(2), testing::ElementsAre(1.0F, 1.0F));  // within rho
}

TEST(FuzzyGraph, UnitesOppositeMemberships) {
  RunContext run({.threads = 1});
  const KnnGraph knn = graph_of({{1}, {0}, {1}}, {{1}, {1}, {2}});
  const auto graph = fuzzy_graph(knn, {}, run);
  ASSERT_TRUE(graph.has_value());
  EXPECT_THAT(graph->edges.offsets, testing::ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(graph->edges.columns, testing::ElementsAre(1, 0, 2, 1));
  EXPECT_THAT(graph->edges.values, testing::Each(1.0F));
}

TEST(FuzzyGraph, KeepsOnlyMutualEdgesAtMixZero) {
  RunContext run({.threads = 1});
  const KnnGraph knn = graph_of({{1}, {0}, {1}}, {{1}, {1}, {2}});
  const auto graph = fuzzy_graph(knn, {.set_op_mix_ratio = 0.0F}, run);
  ASSERT_TRUE(graph.has_value());
  EXPECT_THAT(graph->edges.offsets, testing::ElementsAre(0, 1, 2, 2));
  EXPECT_THAT(graph->edges.columns, testing::ElementsAre(1, 0));
}

TEST(FuzzyGraph, IsSymmetricWithoutSelfLoops) {
  RunContext run({.threads = 1});
  const auto graph = fuzzy_graph(line(), {.set_op_mix_ratio = 0.7F}, run);
  ASSERT_TRUE(graph.has_value());
  const CsrView<float> edges = graph->edges.view();
  for (std::size_t i = 0; i < edges.rows(); ++i) {
    for (std::size_t e = edges.begin(i); e < edges.end(i); ++e) {
      const std::size_t j = idx(edges.columns[e]);
      ASSERT_NE(i, j);
      const auto back = edges.row_columns(j);
      const auto at = std::find(back.begin(), back.end(), narrow<std::int32_t>(i));
      ASSERT_NE(at, back.end());
      EXPECT_EQ(edges.row_values(j)[idx(at - back.begin())], edges.values[e]);
      EXPECT_GT(edges.values[e], 0.0F);
      EXPECT_LE(edges.values[e], 1.0F);
    }
  }
}

TEST(FuzzyGraph, DropsEdgesFromTheDisconnectionDistanceOn) {
  RunContext run({.threads = 1});
  const KnnGraph knn = graph_of({{1, 2}, {0, 2}, {1, 0}}, {{0.5F, 2}, {0.5F, 2}, {2, 2}});
  const auto graph = fuzzy_graph(knn, {.disconnection_distance = 2.0F}, run);
  ASSERT_TRUE(graph.has_value());
  EXPECT_THAT(graph->edges.offsets, testing::ElementsAre(0, 1, 2, 2));
  const auto scales = smooth_knn(graph_of({{1, 2}}, {{0.5F, infinity}}), 1.0F, run);
  ASSERT_TRUE(scales.has_value());
  EXPECT_TRUE(std::isfinite(scales->sigmas[0]));
}

TEST(FuzzyGraph, RefusesWrongOptionsAndIds) {
  RunContext run({.threads = 1});
  EXPECT_EQ(fuzzy_graph(line(), {.set_op_mix_ratio = 1.5F}, run).error().where, "set_op_mix_ratio");
  EXPECT_EQ(fuzzy_graph(line(), {.local_connectivity = -1.0F}, run).error().where,
            "local_connectivity");
  KnnGraph knn = line();
  knn.ids[1, 1] = 3;
  EXPECT_EQ(fuzzy_graph(knn, {}, run).error().where, "knn row 1");
}

}  // namespace
}  // namespace topograph
