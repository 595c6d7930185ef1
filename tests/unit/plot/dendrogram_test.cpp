#include "topograph/plot/dendrogram.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

using testing::ElementsAre;

/// ((0 1) 3) with (2 4): merges 5 = (0, 1), 6 = (2, 4), 7 = (3, 5), 8 = (6, 7).
Linkage five_leaves() {
  return {
      .left = {0, 2, 3, 6}, .right = {1, 4, 5, 7}, .height = {1, 2, 3, 5}, .size = {2, 2, 3, 5}};
}

TEST(Dendrogram, LeavesOfASubtreeLieSideBySide) {
  const Dendrogram layout = lay_out_dendrogram(five_leaves());
  EXPECT_THAT(layout.leaf_order, ElementsAre(2, 4, 3, 0, 1));
  EXPECT_DOUBLE_EQ(layout.position[5], 3.5);            // between 0 and 1
  EXPECT_DOUBLE_EQ(layout.position[7], (2 + 3.5) / 2);  // between 3 and (0 1)
  EXPECT_DOUBLE_EQ(layout.height[8], 5);
  EXPECT_EQ(layout.parent[8], -1);
}

TEST(Dendrogram, OfOneLeafIsThatLeaf) {
  const Dendrogram layout = lay_out_dendrogram({});
  EXPECT_THAT(layout.leaf_order, ElementsAre(0));
  EXPECT_THAT(groups_below({}, layout, 1), ElementsAre(0));
  EXPECT_THAT(groups_of_number({}, layout, 5), ElementsAre(0));
}

TEST(Dendrogram, GroupsBelowAHeight) {
  const Linkage linkage = five_leaves();
  const Dendrogram layout = lay_out_dendrogram(linkage);
  // Leaves 0 1 2 3 4, then merges (0 1), (2 4), (3 (0 1)), all.
  EXPECT_THAT(groups_below(linkage, layout, 2.5), ElementsAre(2, 2, 0, 1, 0, 2, 0, -1, -1));
  EXPECT_THAT(groups_below(linkage, layout, 9), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(Dendrogram, AsManyGroupsAsAskedFor) {
  const Linkage linkage = five_leaves();
  const Dendrogram layout = lay_out_dendrogram(linkage);
  for (std::size_t n = 1; n <= 5; ++n) {
    const auto groups = groups_of_number(linkage, layout, n);
    EXPECT_EQ(std::set<std::int32_t>(groups.begin(), groups.begin() + 5).size(), n);
  }
}

}  // namespace
}  // namespace topograph
