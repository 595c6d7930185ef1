#include "topograph/plot/condensed_tree_figure.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

/// Six points: point 5 leaves the root 6 at 0.5, it splits at 1 into 7 (0 1 2) and 8 (3 4).
CondensedTree small_tree() {
  return {.parent = {6, 6, 6, 7, 7, 7, 8, 8},
          .child = {5, 7, 8, 0, 1, 2, 3, 4},
          .lambda = {0.5, 1, 1, 2, 3, 3, 4, 4},
          .child_size = {1, 3, 2, 1, 1, 1, 1, 1},
          .n_points = 6};
}

TEST(Icicles, NarrowAsPointsLeaveAndEndWhereTheyLive) {
  const auto icicles = lay_out_icicles(small_tree());
  ASSERT_EQ(icicles.size(), 3U);
  EXPECT_DOUBLE_EQ(icicles[0].size, 6);
  EXPECT_DOUBLE_EQ(icicles[0].birth, 0.5);
  EXPECT_DOUBLE_EQ(icicles[0].death, 1);
  EXPECT_THAT(icicles[0].width, testing::ElementsAre(5));
  EXPECT_DOUBLE_EQ(icicles[1].birth, 1);
  EXPECT_DOUBLE_EQ(icicles[1].death, 3);
  EXPECT_THAT(icicles[1].width, testing::ElementsAre(2, 1, 0));
  EXPECT_EQ(icicles[2].parent, 6);
}

TEST(Icicles, ChildrenShareWhatIsLeftOfTheirParent) {
  const auto icicles = lay_out_icicles(small_tree());
  const double left = icicles[1].middle - icicles[1].size / 2;
  const double right = icicles[2].middle + icicles[2].size / 2;
  EXPECT_DOUBLE_EQ(icicles[1].middle + icicles[1].size / 2,
                   icicles[2].middle - icicles[2].size / 2);
  EXPECT_DOUBLE_EQ(right - left, 5);
  EXPECT_DOUBLE_EQ((left + right) / 2, icicles[0].middle);
}

TEST(CondensedTreeFigure, NamesTheSelectedClusters) {
  const std::vector<SelectedCluster> selected{{7, 0}, {8, 1}};
  for (const bool is_log : {false, true}) {
    const auto scene =
        condensed_tree_figure(topics_of(2), small_tree(), selected, {.log_scale = is_log}, {});
    ASSERT_TRUE(scene);
    EXPECT_EQ(n_texts(*scene, "label of"), 2U);
    EXPECT_TRUE(is_on_page(*scene));
  }
}

TEST(CondensedTreeFigure, InfiniteDensityAndNoSelectionAreFine) {
  CondensedTree tree = small_tree();
  tree.lambda[4] = tree.lambda[5] = std::numeric_limits<double>::infinity();
  const auto scene = condensed_tree_figure(topics_of(0), tree, {}, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(CondensedTreeFigure, ARootAloneIsDrawn) {
  const CondensedTree tree{
      .parent = {2, 2}, .child = {0, 1}, .lambda = {1, 1}, .child_size = {1, 1}, .n_points = 2};
  const auto scene = condensed_tree_figure(topics_of(0), tree, {}, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
}

}  // namespace
}  // namespace topograph
