#include <gmock/gmock.h>

#include "centers_golden.hpp"
#include "topograph/cluster/agglomerative.hpp"
#include "topograph/core/run_context.hpp"

// Expectations from scipy 1.17.1 `linkage` and scikit-learn 1.9.1 `AgglomerativeClustering`.
namespace topograph {
namespace {

class LinkageGolden : public testing::TestWithParam<LinkageMethod> {};

TEST_P(LinkageGolden, MergesAsThePeer) {
  const CentersGolden golden("linkage_" + std::string(enum_name(GetParam())));
  const auto x = golden.matrix("x");
  RunContext run;
  const auto tree = linkage_tree(x.view(), {}, GetParam(), run);
  ASSERT_TRUE(tree) << to_string(tree.error());
  EXPECT_EQ(tree->left, golden.ints("left"));
  EXPECT_EQ(tree->right, golden.ints("right"));
  EXPECT_EQ(tree->size, golden.longs("size"));
  EXPECT_THAT(tree->height,
              testing::Pointwise(testing::DoubleNear(1e-9), golden.doubles("height")));
}

TEST_P(LinkageGolden, CutsAsThePeer) {
  const CentersGolden golden("linkage_" + std::string(enum_name(GetParam())));
  const auto x = golden.matrix("x");
  RunContext run;
  const auto by_number = agglomerative(x.view(), {}, {.n_clusters = 6, .linkage = GetParam()}, run);
  ASSERT_TRUE(by_number);
  EXPECT_TRUE(is_same_partition(by_number->clusters.labels, golden.ints("labels")));
  const auto by_height = agglomerative(
      x.view(), {}, {.linkage = GetParam(), .distance_threshold = golden.doubles("threshold")[0]},
      run);
  ASSERT_TRUE(by_height);
  EXPECT_TRUE(is_same_partition(by_height->clusters.labels, golden.ints("cut_labels")));
}

INSTANTIATE_TEST_SUITE_P(Methods, LinkageGolden,
                         testing::Values(LinkageMethod::ward, LinkageMethod::average,
                                         LinkageMethod::complete, LinkageMethod::single),
                         [](const auto& method) { return std::string(enum_name(method.param)); });

}  // namespace
}  // namespace topograph
