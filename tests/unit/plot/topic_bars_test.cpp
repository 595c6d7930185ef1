#include "topograph/plot/topic_bars.hpp"

#include <gmock/gmock.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

TEST(TopicBars, ShowEveryWordOfEveryTopic) {
  const auto scene = topic_bars(topics_of(5), {.n_words = 4}, {.title = "Words"});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "word"), 20U);
  EXPECT_EQ(n_texts(*scene, "label of"), 5U);
  EXPECT_EQ(n_texts(*scene, "Words"), 1U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(TopicBars, OneTopicWithOneWordFillsTheFigure) {
  const auto scene = topic_bars(topics_of(1, 1), {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(TopicBars, TwoThousandTopicsMakeALongPage) {
  const auto scene = topic_bars(topics_of(2000, 3), {.n_words = 3}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "label of"), 2000U);
}

TEST(TopicBars, WordsWithoutWeightHaveNoBar) {
  auto topics = topics_of(1, 2);
  topics.topics[0].words = {{"a", 0.0}, {"b", -1.0}};
  const auto scene = topic_bars(topics, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
}

}  // namespace
}  // namespace topograph
