#include "topograph/plot/topic_bubbles.hpp"

#include <gtest/gtest.h>

#include "topograph/core/random.hpp"
#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

std::vector<Point> random_places(std::size_t n) {
  const RandomKey key = random_key(1, "test.bubbles");
  std::vector<Point> places;
  for (std::size_t i = 0; i < n; ++i) places.push_back({normal(key, i, 0), normal(key, i, 1)});
  return places;
}

TEST(TopicBubbles, LabelEveryTopicWhereThereIsRoom) {
  const auto scene = topic_bubbles(topics_of(12), random_places(12), {}, {});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "label of"), 12U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(TopicBubbles, OneTopicAndTopicsAtOnePlaceAreFine) {
  EXPECT_TRUE(is_on_page(*topic_bubbles(topics_of(1), random_places(1), {}, {})));
  const std::vector<Point> same(5, {3, 3});
  const auto scene = topic_bubbles(topics_of(5), same, {}, {});
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "label of"), 5U);
}

TEST(TopicBubbles, TwoThousandTopicsSayWhatHadNoRoom) {
  const auto scene = topic_bubbles(topics_of(2000), random_places(2000), {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "found no room"), 1U);
}

}  // namespace
}  // namespace topograph
