#include "topograph/plot/topic_tree.hpp"

#include <gtest/gtest.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

/// Leaf 0 takes up all others one by one.
Linkage chain(std::size_t n) {
  Linkage linkage;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const auto cluster = static_cast<std::int32_t>(i == 0 ? 0 : n + i - 1);
    const auto leaf = static_cast<std::int32_t>(i + 1);
    linkage.left.push_back(std::min(cluster, leaf));
    linkage.right.push_back(std::max(cluster, leaf));
    linkage.height.push_back(static_cast<double>(i + 1));
    linkage.size.push_back(static_cast<std::int64_t>(i + 2));
  }
  return linkage;
}

TEST(TopicTree, HasALabelPerTopicAndABracketPerMerge) {
  const auto scene = topic_tree(topics_of(6), chain(6), "distance", {}, {});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "label of"), 6U);
  std::size_t n_brackets = 0;
  for (const Mark& mark : scene->marks) {
    const auto* path = std::get_if<PathMark>(&mark);
    n_brackets += path != nullptr && path->steps.size() == 4 && !path->fill ? 1U : 0U;
  }
  EXPECT_EQ(n_brackets, 5U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(TopicTree, OneTopicAndTwoThousandAreFine) {
  EXPECT_TRUE(is_on_page(*topic_tree(topics_of(1), {}, "distance", {}, {})));
  const auto many = topic_tree(topics_of(2000), chain(2000), "distance", {}, {});
  EXPECT_TRUE(is_on_page(*many));
  const auto small = topic_tree(topics_of(2000), chain(2000), "distance", {}, {.size = "5x5"});
  EXPECT_TRUE(is_on_page(*small));
}

}  // namespace
}  // namespace topograph
