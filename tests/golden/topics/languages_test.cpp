// Topic words of ten languages at once, out of the box: words, not sentences, not function words.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/io/read_documents.hpp"
#include "topograph/text/language.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {
namespace {

std::size_t n_characters(const std::string& word) {
  std::size_t n = 0;
  for (const char c : word) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return n;
}

struct Expected {
  std::string code = {};
  unsigned char first_lead = 0;  ///< Least lead byte of the script's UTF-8.
  std::size_t longest = 0;       ///< Characters of a word.
};

/// Ten words of every language of a file in shared data, with one topic a language.
void expect_words(const std::string& file, const std::string& column_name,
                  const std::map<std::string, Expected>& languages) {
  const std::string path = std::string(TG_SHARED_DATA) + "/" + file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared/data";
  RunContext run({.threads = 2});
  const auto documents = read_documents(std::vector{path}, {.label = column_name}, run);
  ASSERT_TRUE(documents);
  const auto& column = documents->columns.columns[*documents->label_column];
  std::vector<std::string> names;
  for (const auto& [name, expected] : languages) names.push_back(name);
  TextColumn texts;
  std::vector<std::int32_t> labels;
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < documents->size(); ++i) {
    const auto at = std::ranges::find(names, cell_text(column, i));
    if (at == names.end()) continue;
    rows.push_back(narrow<std::int64_t>(texts.size()));
    texts.push_back(documents->text[i]);
    labels.push_back(narrow<std::int32_t>(at - names.begin()));
  }
  const auto plan = plan_counting(texts, {}, run);
  ASSERT_TRUE(plan);
  const auto found = describe_topics(texts, labels, {}, rows, narrow<std::int32_t>(names.size()),
                                     *plan, {}, {}, run);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->table.topics.size(), names.size());
  for (const Topic& topic : found->table.topics) {
    const std::string& name = names[idx(topic.id)];
    const Expected& expected = languages.at(name);
    SCOPED_TRACE(name);
    EXPECT_NE(std::ranges::find(plan->languages, expected.code), plan->languages.end());
    EXPECT_EQ(topic.words.size(), 10U);
    const auto list = *stop_words(expected.code);
    const std::set<std::string_view> stops(list.begin(), list.end());
    std::size_t n_foreign = 0;
    for (const TopicWord& word : topic.words) {
      EXPECT_LE(n_characters(word.term), expected.longest) << word.term;
      EXPECT_FALSE(stops.contains(word.term)) << word.term;
      n_foreign += static_cast<unsigned char>(word.term[0]) < expected.first_lead ? 1U : 0U;
    }
    EXPECT_LE(n_foreign, 2U);  // Years are words too.
  }
}

TEST(TopicWordsOfTenLanguages, AreWordsOfTheLanguageAndNoFunctionWords) {
  expect_words("ud_pud.csv", "label",
               {{"Arabic", {"ar", 0xD8, 12}},
                {"Chinese", {"zh", 0xE3, 5}},
                {"English", {"en", 'a', 20}},
                {"German", {"de", 'a', 30}},
                {"Hindi", {"hi", 0xE0, 14}},
                {"Korean", {"ko", 0xEA, 8}},
                {"Russian", {"ru", 0xD0, 18}},
                {"Spanish", {"es", 'a', 20}},
                {"Thai", {"th", 0xE0, 14}},
                {"Turkish", {"tr", 'a', 20}}});
}

TEST(TopicWordsOfDeclarations, AreWordsInJapaneseToo) {
  expect_words("udhr_paragraphs.csv", "language",
               {{"Japanese", {"ja", 0xE3, 6}},
                {"Korean", {"ko", 0xEA, 8}},
                {"Thai", {"th", 0xE0, 14}},
                {"Hindi", {"hi", 0xE0, 14}},
                {"English", {"en", 'a', 20}}});
}

TEST(TopicWordsOfAFewChineseDocuments, AreNoFunctionWordsThoughTheRestIsEnglish) {
  const std::string english = std::string(TG_SHARED_DATA) + "/banking77.csv";
  const std::string mixed = std::string(TG_SHARED_DATA) + "/ud_pud.csv";
  if (!std::filesystem::exists(english)) GTEST_SKIP() << "skipped: no ../shared/data";
  RunContext run({.threads = 2});
  const auto questions = read_documents(std::vector{english}, {}, run);
  const auto sentences = read_documents(std::vector{mixed}, {.label = "label"}, run);
  ASSERT_TRUE(questions && sentences);
  TextColumn texts = questions->text;
  std::vector<std::int32_t> labels(texts.size(), 0);
  const auto& column = sentences->columns.columns[*sentences->label_column];
  const std::vector<std::string> names = {"Chinese", "Russian", "Thai"};
  for (std::int32_t name = 0; name < 3; ++name) {
    for (std::size_t i = 0, n = 0; i < sentences->size() && n < 60; ++i) {
      if (cell_text(column, i) != names[idx(name)]) continue;
      texts.push_back(sentences->text[i]);
      labels.push_back(name + 1);
      ++n;
    }
  }
  std::vector<std::int64_t> rows(texts.size());
  std::iota(rows.begin(), rows.end(), 0);
  const auto plan = plan_counting(texts, {}, run);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->languages.front(), "en");
  const auto found = describe_topics(texts, labels, {}, rows, 4, *plan, {}, {}, run);
  ASSERT_TRUE(found);
  const std::vector<std::string> codes = {"en", "zh", "ru", "th"};
  for (const Topic& topic : found->table.topics) {
    SCOPED_TRACE(codes[idx(topic.id)]);
    const auto list = *stop_words(codes[idx(topic.id)]);
    for (const TopicWord& word : topic.words) {
      EXPECT_EQ(std::ranges::find(list, word.term), list.end()) << word.term;
    }
  }
}

}  // namespace
}  // namespace topograph
