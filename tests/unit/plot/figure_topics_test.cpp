#include "topograph/plot/figure_topics.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TopicTable table_of(std::size_t n) {
  TopicTable table;
  table.topics.push_back({.id = -1, .count = 5, .label = "outliers"});
  for (std::size_t i = 0; i < n; ++i) {
    table.topics.push_back({.id = static_cast<std::int32_t>(i),
                            .count = static_cast<std::int64_t>(100 - i),
                            .words = {{"word", 1.0}},
                            .label = "label " + std::to_string(i)});
  }
  return table;
}

std::vector<std::int32_t> ids(const FigureTopics& topics) {
  std::vector<std::int32_t> out;
  for (const FigureTopic& topic : topics.topics) out.push_back(topic.id);
  return out;
}

TEST(ChooseTopics, TakesAllButTheOutliers) {
  const auto topics = choose_topics(table_of(3), {}, {}, 0);
  ASSERT_TRUE(topics);
  EXPECT_THAT(ids(*topics), ElementsAre(0, 1, 2));
  EXPECT_EQ(topics->note(), "");
  EXPECT_EQ(topics->find(2), 2);
  EXPECT_EQ(topics->find(7), -1);
}

TEST(ChooseTopics, TakesTheLargestWhenThereAreMany) {
  const auto topics = choose_topics(table_of(2000), {}, {}, 2);
  EXPECT_THAT(ids(*topics), ElementsAre(0, 1));
  EXPECT_THAT(topics->note(), HasSubstr("2 largest of 2\u2009000"));
  EXPECT_THAT(ids(*choose_topics(table_of(9), {}, {.n_topics = 3}, 2)), ElementsAre(0, 1, 2));
}

TEST(ChooseTopics, ASubsetKeepsItsColors) {
  const auto all = choose_topics(table_of(9), {}, {}, 0);
  const auto some = choose_topics(table_of(9), {}, {.topics = {"7", " 2 "}}, 1);
  ASSERT_THAT(ids(*some), ElementsAre(2, 7));
  EXPECT_EQ(some->topics[1].color, all->topics[7].color);
}

TEST(ChooseTopics, LabelsOfTheUserReplaceTheModels) {
  const auto topics = choose_topics(table_of(2), {}, {.labels = {"1=Space = far", "0="}}, 0);
  ASSERT_TRUE(topics);
  EXPECT_EQ(topics->topics[1].label, "Space = far");
  EXPECT_EQ(topics->topics[0].label, "topic 0");
}

TEST(ChooseTopics, NamesWhatItDoesNotKnow) {
  const auto topic = choose_topics(table_of(3), {}, {.topics = {"5"}}, 0);
  ASSERT_FALSE(topic);
  EXPECT_EQ(topic.error().subject, Subject::option);
  EXPECT_THAT(topic.error().hint, HasSubstr("topics 0 to 2"));
  EXPECT_FALSE(choose_topics(table_of(3), {}, {.topics = {"-1"}}, 0));
  EXPECT_FALSE(choose_topics(table_of(3), {}, {.topics = {"x"}}, 0));
  EXPECT_FALSE(choose_topics(table_of(3), {}, {.labels = {"no equals sign"}}, 0));
  EXPECT_FALSE(choose_topics(table_of(3), {}, {.labels = {"9=x"}}, 0));
}

TEST(ChooseTopics, AModelWithoutTopicsIsSaidToBeSo) {
  const auto topics = choose_topics(table_of(0), {}, {}, 0);
  ASSERT_FALSE(topics);
  EXPECT_EQ(topics.error().subject, Subject::model);
  EXPECT_TRUE(choose_topics(table_of(0), {}, {}, 0, false));
}

TEST(ChooseTopics, ColorsFollowPlacesWhereThereAreSome) {
  const TopicPlaces places{{0, 1, 2}, {{0, 0}, {1, 0}, {0, 1}}};
  const auto placed = choose_topics(table_of(3), places, {}, 0);
  const auto listed = choose_topics(table_of(3), places, {.palette = "okabe_ito"}, 0);
  EXPECT_NE(placed->topics[0].color, listed->topics[0].color);
  EXPECT_EQ(hex_text(listed->topics[0].color), "#0072b2");
}

}  // namespace
}  // namespace topograph
