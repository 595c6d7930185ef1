#include "topograph/topics/topic_aspects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TopicTable some_table() {
  return {{{.id = 0,
            .words = {{"oven", 1}},
            .label = "oven",
            .aspects = {{"pos", {{"baked bread", .5}, {"", 0}, {"old oven", .4}}}}},
           {.id = 1,
            .words = {{"goal", 1}},
            .label = "Sport",
            .is_named = true,
            .aspects = {{"pos", {{"late goal", 1}}}, {"mmr", {{"match", 1}}}}},
           {.id = 2, .words = {{"moon", 1}}, .label = "moon"}}};
}

TEST(TableOfAspect, HasItsWordsAndLabelsButKeepsNamesThatSomebodyGave) {
  const auto table = table_of_aspect(some_table(), "pos");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->topics[0].words,
              ElementsAre(TopicWord{"baked bread", .5}, TopicWord{"old oven", .4}));
  EXPECT_EQ(table->topics[0].label, "baked bread, old oven");
  EXPECT_EQ(table->topics[1].label, "Sport");
  EXPECT_EQ(table->topics[1].words[0].term, "late goal");
  EXPECT_EQ(table->topics[2].label, "moon");
  EXPECT_EQ(table->topics[2].words[0].term, "moon");
}

TEST(TableOfAspect, NamesTheAspectsThereAre) {
  EXPECT_THAT(aspect_names(some_table()), ElementsAre("pos", "mmr"));
  const auto table = table_of_aspect(some_table(), "keybert");
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().hint, HasSubstr("pos, mmr"));
  EXPECT_THAT(table_of_aspect({}, "pos").error().hint, HasSubstr("relabel"));
}

}  // namespace
}  // namespace topograph
