#include "topograph/cluster/agglomerative.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array kMethods = {LinkageMethod::ward, LinkageMethod::average,
                                 LinkageMethod::complete, LinkageMethod::single};

Matrix<float> line(const std::vector<float>& values) {
  Matrix<float> x(values.size(), 1);
  std::ranges::copy(values, x.data());
  return x;
}

TEST(Agglomerative, MergesTheNearestPairFirst) {
  RunContext run;
  const auto tree = linkage_tree(line({0, 10, 1, 14}).view(), {}, LinkageMethod::average, run);
  ASSERT_TRUE(tree);
  EXPECT_THAT(tree->left, ElementsAre(0, 1, 4));
  EXPECT_THAT(tree->right, ElementsAre(2, 3, 5));
  EXPECT_THAT(tree->height, ElementsAre(1, 4, 11.5));
  EXPECT_THAT(tree->size, ElementsAre(2, 2, 4));
}

TEST(Agglomerative, EachLinkageMeasuresClustersItsWay) {
  RunContext run;
  const auto x = line({0, 1, 10, 14});
  const auto last = [&](LinkageMethod method) {
    return linkage_tree(x.view(), {}, method, run)->height.back();
  };
  EXPECT_DOUBLE_EQ(last(LinkageMethod::single), 9);
  EXPECT_DOUBLE_EQ(last(LinkageMethod::complete), 14);
  EXPECT_DOUBLE_EQ(last(LinkageMethod::average), 11.5);
  EXPECT_DOUBLE_EQ(last(LinkageMethod::ward), 11.5 * std::sqrt(2.0));
}

TEST(Agglomerative, CutsAtANumberOrAHeight) {
  RunContext run;
  const auto x = line({0, 1, 10, 14, 15});
  const auto three = agglomerative(x.view(), {}, {.n_clusters = 2}, run);
  ASSERT_TRUE(three);
  EXPECT_THAT(three->clusters.labels, ElementsAre(1, 1, 0, 0, 0));
  EXPECT_THAT(three->centers.row(0), ElementsAre(13));
  const auto low = agglomerative(
      x.view(), {}, {.linkage = LinkageMethod::single, .distance_threshold = 4.0}, run);
  ASSERT_TRUE(low);
  EXPECT_EQ(low->clusters.n_clusters, 3);  // a merge at exactly 4 is not made
}

TEST(Agglomerative, MoreClustersThanPointsIsOneAPoint) {
  RunContext run;
  for (const LinkageMethod method : kMethods) {
    const auto found =
        agglomerative(line({5, 1, 3}).view(), {}, {.n_clusters = 9, .linkage = method}, run);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->clusters.n_clusters, 3);
    EXPECT_THAT(found->clusters.strength, Each(1));
  }
}

TEST(Agglomerative, OnePointAndEqualPointsAreFine) {
  RunContext run;
  for (const LinkageMethod method : kMethods) {
    const auto one = agglomerative(line({7}).view(), {}, {.linkage = method}, run);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->clusters.n_clusters, 1);
    const auto equal = agglomerative(line({7, 7, 7, 7}).view(), {}, {.linkage = method}, run);
    ASSERT_TRUE(equal);
    EXPECT_THAT(equal->linkage.height, Each(0));
    EXPECT_EQ(equal->clusters.n_clusters, 2);
    EXPECT_THAT(equal->clusters.strength, Each(0));
  }
}

TEST(Agglomerative, SaysWhatToDoWhenMemoryIsShort) {
  RunContext run({.memory_bytes = 1000});
  const Matrix<float> x(200, 2);
  const auto found = agglomerative(x.view(), {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("kmeans"));
  EXPECT_TRUE(agglomerative(x.view(), {}, {.linkage = LinkageMethod::single}, run));
}

TEST(Agglomerative, NamesTheRowThatIsNotFinite) {
  RunContext run;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto found = agglomerative(line({1, 2, nan}).view(), {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("row 2"));
}

}  // namespace
}  // namespace topograph
