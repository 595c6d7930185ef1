#include "topograph/plot/word_cloud.hpp"

#include <gmock/gmock.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::texts_of;
using test::topics_of;

Result<Scene> cloud_of(const FigureTopics& topics, const WordCloudOptions& options = {}) {
  RunContext run({.threads = 1});
  return word_cloud(topics, options, {.font = "DejaVu Sans"}, run);
}

TEST(WordCloud, ShowsEveryWordOfEveryTopic) {
  const auto scene = cloud_of(topics_of(4, 20));
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "word"), 80U);
  EXPECT_EQ(n_texts(*scene, "label of"), 4U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(WordCloud, HeavierWordsAreLarger) {
  const auto scene = cloud_of(topics_of(1, 8));
  double last = 1e9;
  for (const TextMark& text : texts_of(*scene)) {
    if (!text.text.starts_with("word")) continue;
    EXPECT_LT(text.style.size, last);
    last = text.style.size;
  }
}

TEST(WordCloud, VerticalWordsAreTurned) {
  const auto scene = cloud_of(topics_of(1, 12), {.vertical = 1});
  for (const TextMark& text : texts_of(*scene)) {
    if (!text.text.starts_with("word")) continue;
    EXPECT_DOUBLE_EQ(text.angle, -90);
  }
}

TEST(WordCloud, WordsOfAnyScriptAndNoWordsAtAllAreFine) {
  auto topics = topics_of(2, 0);
  topics.topics[0].words = {
      {"日本語", 3.0}, {"नमस्ते", 2.0}, {"مرحبا", 1.0}, {"👨‍👩‍👧", 1.0}};
  const auto scene = cloud_of(topics);
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "日本語"), 1U);
  EXPECT_TRUE(is_on_page(*scene));
}

}  // namespace
}  // namespace topograph
