#include "topograph/topics/describe_topics.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

TextColumn random_texts(std::size_t n) {
  const RandomKey key = random_key(5, "texts");
  TextColumn texts;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text;
    for (std::uint64_t w = 0; w < 12; ++w) {
      // Topic i % 6 prefers its own two hundred words.
      const std::uint64_t base = uniform(key, i, 2 * w) < 0.5 ? (i % 6) * 200 : 0;
      text += "word" + std::to_string(base + uniform_below(key, i, 2 * w + 1, 1200)) + ' ';
    }
    texts.push_back(text);
  }
  return texts;
}

TopicDescription describe(const TextColumn& texts, int threads) {
  RunContext run({.threads = threads, .seed = 9});
  std::vector<std::int32_t> labels(texts.size());
  std::vector<std::int64_t> rows(texts.size());
  std::iota(rows.begin(), rows.end(), 0);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 6) - 1;
  const auto plan = plan_counting(texts, {.stop_words = "none"}, run);
  EXPECT_TRUE(plan);
  auto description = describe_topics(texts, labels, {}, rows, 5, *plan, {}, {}, run);
  EXPECT_TRUE(description);
  return *std::move(description);
}

TEST(DescribeTopicsProperty, AnyNumberOfThreadsGivesTheSameTopics) {
  const TextColumn texts = random_texts(5000);
  const TopicDescription expected = describe(texts, 1);
  for (const int threads : {2, 3, 7}) {
    const TopicDescription found = describe(texts, threads);
    EXPECT_EQ(found.idf, expected.idf);
    EXPECT_EQ(found.weights.values, expected.weights.values);
    ASSERT_EQ(found.table.topics.size(), expected.table.topics.size());
    for (std::size_t t = 0; t < found.table.topics.size(); ++t) {
      EXPECT_EQ(found.table.topics[t].words, expected.table.topics[t].words);
      EXPECT_EQ(found.table.topics[t].representative_rows,
                expected.table.topics[t].representative_rows);
    }
  }
}

TEST(DescribeTopicsProperty, RepresentativesBelongToTheirTopic) {
  const TopicDescription description = describe(random_texts(5000), 2);
  for (const Topic& topic : description.table.topics) {
    ASSERT_EQ(topic.representative_rows.size(), 3U);
    for (const std::int64_t row : topic.representative_rows) EXPECT_EQ(row % 6 - 1, topic.id);
  }
}

}  // namespace
}  // namespace topograph
