#include "topograph/topics/describe_topics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace topograph {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn texts_column;
  for (const std::string& text : texts) texts_column.push_back(text);
  return texts_column;
}

struct Corpus {
  std::vector<std::string> texts = {};
  std::vector<std::int32_t> labels = {};
  std::int32_t n_topics = 0;
  std::vector<std::int32_t> weights = {};
};

TopicDescription describe(const Corpus& corpus, const TopicOptions& options = {}, int threads = 1) {
  RunContext run({.threads = threads});
  const TextColumn texts = column(corpus.texts);
  std::vector<std::int64_t> rows(corpus.texts.size());
  std::iota(rows.begin(), rows.end(), 100);  // Rows of the documents are not those of the points.
  const auto plan = plan_counting(texts, {.stop_words = "en"}, run);
  EXPECT_TRUE(plan);
  auto description = describe_topics(texts, corpus.labels, corpus.weights, rows, corpus.n_topics,
                                     *plan, {}, options, run);
  EXPECT_TRUE(description);
  return *std::move(description);
}

std::vector<std::string> terms(const Topic& topic) {
  std::vector<std::string> words;
  for (const TopicWord& word : topic.words) words.push_back(word.term);
  return words;
}

TEST(TopWords, AreOrderedByWeightThenTerm) {
  const Vocabulary vocabulary(column({"a", "b", "c", "d", "e"}), {1, 1, 1, 1, 1});
  const Csr<double> weights = {
      .offsets = {0, 5}, .columns = {0, 1, 2, 3, 4}, .values = {1, 3, 3, -2, 0.5}, .n_cols = 5};
  const std::vector<TopicWord> all = {{"b", 3}, {"c", 3}, {"a", 1}, {"e", 0.5}};
  EXPECT_EQ(top_words(weights.view(), 0, vocabulary, 10), all);
  EXPECT_EQ(top_words(weights.view(), 0, vocabulary, 1), (std::vector<TopicWord>{{"b", 3}}));
  EXPECT_THAT(top_words(weights.view(), 0, vocabulary, 0), IsEmpty());
}

TEST(DescribeTopics, GivesWordsLabelsAndCounts) {
  const auto description = describe({{"The boat has a sail", "A boat and an anchor",
                                      "An oven bakes bread", "Bread needs an oven", "random"},
                                     {0, 0, 1, 1, -1},
                                     2,
                                     {5, 1, 1, 1, 2}});
  ASSERT_EQ(description.table.topics.size(), 3U);
  EXPECT_TRUE(description.has_outliers);
  const Topic& outliers = description.table.topics[0];
  EXPECT_EQ(outliers.id, -1);
  EXPECT_EQ(outliers.count, 2);
  EXPECT_EQ(outliers.label, "outliers");
  const Topic& boats = description.table.topics[1];
  EXPECT_EQ(boats.count, 6);
  EXPECT_THAT(terms(boats), ElementsAre("boat", "sail", "anchor"));
  EXPECT_EQ(boats.label, "boat, sail, anchor");
  EXPECT_EQ(boats.name(), "0_boat_sail_anchor");
  EXPECT_EQ(description.weights.rows(), 3U);
}

TEST(DescribeTopics, WithoutOutliersRowsAreTopics) {
  const auto description = describe({{"boat", "bread"}, {0, 1}, 2});
  EXPECT_FALSE(description.has_outliers);
  EXPECT_EQ(description.table.topics.front().id, 0);
  EXPECT_EQ(description.counts.counts.rows(), 2U);
}

TEST(DescribeTopics, TopicsWithoutWordsHaveANumberForALabel) {
  const auto description = describe({{"the of and", "boat", "..."}, {0, 1, 2}, 4});
  const auto& topics = description.table.topics;
  ASSERT_EQ(topics.size(), 4U);
  EXPECT_THAT(topics[0].words, IsEmpty());
  EXPECT_EQ(topics[0].label, "topic 0");
  EXPECT_THAT(topics[0].representative_rows, ElementsAre(100));
  EXPECT_EQ(topics[3].count, 0);
  EXPECT_THAT(topics[3].representative_rows, IsEmpty());
}

TEST(DescribeTopics, KeepsAsManyWordsAndDocumentsAsAsked) {
  const Corpus corpus{{"boat sail anchor mast", "boat sail", "boat"}, {0, 0, 0}, 1};
  const auto description = describe(corpus, {.top_n_words = 2, .n_representative = 1});
  EXPECT_EQ(description.table.topics[0].words.size(), 2U);
  EXPECT_EQ(description.table.topics[0].representative_rows.size(), 1U);
  EXPECT_THAT(describe(corpus, {.n_representative = 0}).table.topics[0].representative_rows,
              IsEmpty());
}

TEST(DescribeTopics, OptionsOutsideTheirRangeAreErrors) {
  RunContext run;
  const TextColumn texts = column({"boat"});
  const auto plan = plan_counting(texts, {.stop_words = "en"}, run);
  const auto description = describe_topics(texts, std::vector{0}, {}, std::vector<std::int64_t>{0},
                                           1, *plan, {}, {.top_n_words = 0}, run);
  ASSERT_FALSE(description);
  EXPECT_EQ(description.error().code, ErrorCode::invalid_argument);
}

TEST(RepresentativeDocuments, AreTheClosestBestFirst) {
  // Row 102 has every word that the documents of topic 0 share, row 103 a word of its own.
  const auto description = describe(
      {{"boat sail", "boat anchor", "boat sail anchor", "boat rain", "bread"}, {0, 0, 0, 0, 1}, 2});
  EXPECT_EQ(description.table.topics[0].representative_rows.front(), 102);
  EXPECT_THAT(description.table.topics[0].representative_rows, Not(Contains(103)));
  EXPECT_THAT(description.table.topics[1].representative_rows, ElementsAre(104));
}

TEST(RepresentativeDocuments, AreDistinctTextsAndNotBlank) {
  const auto description =
      describe({{"boat sail", "boat sail", " ", "boat", "boat sail"}, {0, 0, 0, 0, 0}, 1});
  EXPECT_THAT(description.table.topics[0].representative_rows, ElementsAre(100, 103));
}

TEST(RepresentativeDocuments, LargeClassesAreSampled) {
  Corpus corpus{.n_topics = 1};
  for (int i = 0; i < 1200; ++i) {
    corpus.texts.push_back("boat number" + std::to_string(i));
    corpus.labels.push_back(0);
  }
  const auto first = describe(corpus, {.n_representative = 1000});
  EXPECT_EQ(first.table.topics[0].representative_rows.size(), 500U);
  const auto second = describe(corpus, {.n_representative = 1000}, 2);
  EXPECT_EQ(first.table.topics[0].representative_rows, second.table.topics[0].representative_rows);
}

}  // namespace
}  // namespace topograph
