#include "topograph/topics/types.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(Topic, NameJoinsItsIdAndFourWords) {
  Topic topic{.id = 3};
  EXPECT_EQ(topic.name(), "3");
  topic.words = {{"red", 5}, {"blue sky", 4}};
  EXPECT_EQ(topic.name(), "3_red_blue sky");
  topic.words = {{"a", 5}, {"b", 4}, {"c", 3}, {"d", 2}, {"e", 1}};
  EXPECT_EQ(topic.name(), "3_a_b_c_d");
  topic.id = -1;
  EXPECT_EQ(topic.name(), "-1_a_b_c_d");
}

TEST(TopicTable, FindsTopicsById) {
  const TopicTable table{{Topic{.id = -1}, Topic{.id = 0}, Topic{.id = 1}}};
  EXPECT_EQ(table.find(-1), &table.topics[0]);
  EXPECT_EQ(table.find(1), &table.topics[2]);
  EXPECT_EQ(table.find(2), nullptr);
  EXPECT_EQ(TopicTable{}.find(0), nullptr);
}

}  // namespace
}  // namespace topograph
