#include "topograph/text/count_terms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace topograph {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Counts = std::map<std::string, double>;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn texts_column;
  for (const std::string& text : texts) texts_column.push_back(text);
  return texts_column;
}

Counts row_of(const TermCounts& counts, std::size_t row) {
  Counts found;
  const auto view = counts.counts.view();
  for (std::size_t i = view.begin(row); i < view.end(row); ++i) {
    found[std::string(counts.vocabulary.term(view.columns[i]))] = view.values[i];
  }
  return found;
}

// Counts all texts as one class.
TermCounts count_all(const std::vector<std::string>& texts, const CountOptions& options) {
  RunContext run;
  const TextColumn texts_column = column(texts);
  const auto plan = plan_counting(texts_column, options, run);
  EXPECT_TRUE(plan) << to_string(plan.error());
  const std::vector<std::int32_t> classes(texts.size(), 0);
  auto counts = count_terms(texts_column, classes, 1, {}, *plan, run);
  EXPECT_TRUE(counts);
  return *std::move(counts);
}

Counts words_of(const std::string& text, const CountOptions& options) {
  return row_of(count_all({text}, options), 0);
}

TEST(Vocabulary, FindsTermsByBisection) {
  const Vocabulary vocabulary(column({"a", "b c", "\u00e9"}), {1, 2, 3});
  EXPECT_EQ(vocabulary.find("b c"), 1);
  EXPECT_EQ(vocabulary.find("\u00e9"), 2);
  EXPECT_EQ(vocabulary.find("b"), -1);
  EXPECT_EQ(vocabulary.find("zzzz"), 2 - 3);
  EXPECT_EQ(Vocabulary().find("a"), -1);
}

TEST(CountTerms, CountsPerClassAndLeavesMinusOneOut) {
  RunContext run;
  const TextColumn texts = column({"red blue red", "blue", "green", "red", ""});
  const auto plan = plan_counting(texts, {.stop_words = "none"}, run);
  ASSERT_TRUE(plan);
  const std::vector<std::int32_t> classes = {1, 1, -1, 0, 2};
  const auto counts = count_terms(texts, classes, 4, {}, *plan, run);
  ASSERT_TRUE(counts);
  EXPECT_EQ(row_of(*counts, 0), (Counts{{"red", 1}}));
  EXPECT_EQ(row_of(*counts, 1), (Counts{{"blue", 2}, {"red", 2}}));
  EXPECT_THAT(row_of(*counts, 2), IsEmpty());
  EXPECT_THAT(row_of(*counts, 3), IsEmpty());
  EXPECT_THAT(counts->vocabulary.document_frequency(), ElementsAre(2, 2));
  EXPECT_THAT(counts->warnings, IsEmpty());
}

TEST(CountTerms, FoldedDuplicatesCountAsOftenAsTheyOccur) {
  RunContext run;
  const TextColumn texts = column({"red red", "blue"});
  const auto plan = plan_counting(texts, {.stop_words = "none"}, run);
  const auto counts = count_terms(texts, std::vector{0, 0}, 1, std::vector{3, 1}, *plan, run);
  ASSERT_TRUE(counts);
  EXPECT_EQ(row_of(*counts, 0), (Counts{{"blue", 1}, {"red", 6}}));
  EXPECT_THAT(counts->vocabulary.document_frequency(), ElementsAre(1, 3));
}

TEST(CountTerms, EmptyCorpusHasAnEmptyVocabulary) {
  const TermCounts counts = count_all({}, {});
  EXPECT_EQ(counts.vocabulary.size(), 0U);
  EXPECT_EQ(counts.counts.rows(), 1U);
  EXPECT_THAT(counts.warnings, IsEmpty());
}

TEST(CountTerms, WarnsWhenNoWordIsLeft) {
  EXPECT_THAT(count_all({"a b c", "..."}, {.stop_words = "none"}).warnings,
              ElementsAre(HasSubstr("no document has a countable word")));
  EXPECT_THAT(count_all({"red", "blue"}, {.stop_words = "none", .min_df = 2}).warnings,
              ElementsAre(HasSubstr("exclude all 2 terms")));
}

TEST(CountTerms, ShortWordsAreLeftOutExceptWhereOneCharacterIsAWord) {
  const Counts words =
      words_of("a 7 42 go \u732b \u0e41\u0e21\u0e27 \U0001F600 \u00e9", {.stop_words = "none"});
  EXPECT_EQ(
      words,
      (Counts{{"42", 1}, {"go", 1}, {"\u732b", 1}, {"\u0e41\u0e21\u0e27", 1}, {"\U0001F600", 1}}));
  EXPECT_THAT(words_of("a 7 42", {.stop_words = "none", .min_length = 1}),
              UnorderedElementsAre(Pair("42", 1), Pair("7", 1), Pair("a", 1)));
  EXPECT_THAT(words_of("to the moon", {.stop_words = "none", .min_length = 4}),
              ElementsAre(Pair("moon", 1)));
}

TEST(CountTerms, NgramsBridgeRemovedStopWords) {
  const Counts words = words_of("house of the cards", {.ngram_range = {1, 2}, .stop_words = "en"});
  EXPECT_EQ(words, (Counts{{"cards", 1}, {"house", 1}, {"house cards", 1}}));
  EXPECT_THAT(words_of("one two three", {.ngram_range = {2, 2}, .stop_words = "none"}),
              ElementsAre(Pair("one two", 1), Pair("two three", 1)));
  EXPECT_THAT(words_of("one two", {.ngram_range = {3, 3}, .stop_words = "none"}), IsEmpty());
}

TEST(CountTerms, ExtraStopWordsMayBePhrases) {
  const CountOptions options{
      .ngram_range = {1, 2}, .stop_words = "none", .extra_stop_words = {"Blue", "deep learning"}};
  EXPECT_EQ(words_of("deep learning blue", options), (Counts{{"deep", 1}, {"learning", 1}}));
}

TEST(CountTerms, LowerCaseFollowsTheMainLanguage) {
  EXPECT_EQ(words_of("ILIK SU", {.stop_words = "tr"}), (Counts{{"\u0131l\u0131k", 1}, {"su", 1}}));
  EXPECT_EQ(words_of("ILIK", {.stop_words = "none"}), (Counts{{"ilik", 1}}));
  EXPECT_EQ(words_of("The Mill THE", {.stop_words = "en", .lowercase = false}),
            (Counts{{"Mill", 1}}));
}

TEST(CountTerms, BothApostrophesMakeOneWord) {
  EXPECT_EQ(words_of("rock'n'roll rock\u2019n\u2019roll", {.stop_words = "none"}),
            (Counts{{"rock'n'roll", 2}}));
  EXPECT_THAT(words_of("don\u2019t don't I\u2019m", {.stop_words = "en"}), IsEmpty());
}

TEST(CountTerms, PossessivesAndElidedArticlesAreCutOff) {
  EXPECT_EQ(words_of("the city's city", {.stop_words = "en"}), (Counts{{"city", 2}}));
  EXPECT_EQ(words_of("l'homme et qu\u2019un homme d'aujourd'hui", {.stop_words = "fr"}),
            (Counts{{"aujourd'hui", 1}, {"homme", 2}}));
  EXPECT_EQ(words_of("l'homme", {.stop_words = "de"}), (Counts{{"l'homme", 1}}));
}

TEST(CountTerms, ChineseJapaneseAndThaiStopWordsAreRemoved) {
  EXPECT_THAT(words_of("\u6211\u4eec\u7684\u732b", {.stop_words = "zh"}),
              ElementsAre(Pair("\u732b", 1)));
  EXPECT_THAT(words_of("\u732b\u306f\u5c4b\u6839\u306b\u3044\u307e\u3059", {.stop_words = "ja"}),
              UnorderedElementsAre(Pair("\u5c4b\u6839", 1), Pair("\u732b", 1)));
  EXPECT_THAT(
      words_of("\u0e41\u0e21\u0e27\u0e41\u0e25\u0e30\u0e2b\u0e21\u0e32", {.stop_words = "th"}),
      UnorderedElementsAre(Pair("\u0e41\u0e21\u0e27", 1), Pair("\u0e2b\u0e21\u0e32", 1)));
}

TEST(CountTerms, GermanUmlautsAndEmojiStay) {
  EXPECT_EQ(words_of("\u00c4pfel a\u0308pfel \U0001F34E\U0001F34E", {.stop_words = "de"}),
            (Counts{{"\U0001F34E", 2}, {"\u00e4pfel", 2}}));
}

TEST(CountTerms, DocumentFrequencyLimitsAreCountsOrShares) {
  const std::vector<std::string> texts = {"aa bb cc", "aa bb", "aa", "aa dd"};
  const auto terms = [&](CountOptions options) {
    options.stop_words = "none";
    const TermCounts counts = count_all(texts, options);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < counts.vocabulary.size(); ++i) {
      found.emplace_back(counts.vocabulary.terms()[i]);
    }
    return found;
  };
  EXPECT_THAT(terms({.min_df = 2}), ElementsAre("aa", "bb"));
  EXPECT_THAT(terms({.min_df = 0.5}), ElementsAre("aa", "bb"));
  EXPECT_THAT(terms({.max_df = 0.5}), ElementsAre("bb", "cc", "dd"));
  EXPECT_THAT(terms({.max_df = 2}), ElementsAre("bb", "cc", "dd"));
  EXPECT_THAT(terms({.max_features = 3}), ElementsAre("aa", "bb", "cc"));  // cc before dd.
}

TEST(CountTerms, SklearnRuleSplitsAtEverythingButWordCharacters) {
  CountOptions options{.stop_words = "english", .token_rule = WordRule::sklearn};
  EXPECT_EQ(words_of("Don't e-mail a_b x 3.14 the", options),
            (Counts{{"14", 1}, {"a_b", 1}, {"don", 1}, {"mail", 1}}));
}

TEST(CountDocuments, CountsOnlyKnownTerms) {
  RunContext run;
  const TextColumn texts = column({"red blue red", "green", "blue Red!"});
  const auto plan = plan_counting(texts, {.stop_words = "none"}, run);
  const Vocabulary vocabulary(column({"blue", "red"}), {1, 1});
  const auto counts =
      count_documents(texts, std::vector<std::int64_t>{2, 1, 0}, vocabulary, *plan, run);
  ASSERT_TRUE(counts);
  EXPECT_THAT(counts->offsets, ElementsAre(0, 2, 2, 4));
  EXPECT_THAT(counts->columns, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(counts->values, ElementsAre(1, 1, 1, 2));
}

class CountPlanTest : public ::testing::Test {
 protected:
  RunContext run_;
  TextColumn texts_ =
      column({"Die Katze ist auf dem Dach und wir sind im Haus.", "This is the end."});
};

TEST_F(CountPlanTest, DetectsTheLanguagesOfTheCorpus) {
  const auto plan = plan_counting(texts_, {}, run_);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->languages, ElementsAre("de", "en"));
  EXPECT_THAT(plan->stop_words, Contains("nicht"));
  EXPECT_THAT(plan->stop_words, Contains("don't"));
  EXPECT_TRUE(std::ranges::is_sorted(plan->stop_words));
}

TEST_F(CountPlanTest, NoneStillKnowsTheMainLanguage) {
  const auto plan = plan_counting(texts_, {.stop_words = "none"}, run_);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->stop_words, IsEmpty());
  EXPECT_THAT(plan->languages, ElementsAre("de", "en"));
}

TEST_F(CountPlanTest, EnglishIsTheListOfThePeers) {
  const auto plan = plan_counting(texts_, {.stop_words = "english"}, run_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->stop_words.size(), 318U);
}

TEST_F(CountPlanTest, CodesAddTheirLists) {
  const auto plan = plan_counting(texts_, {.stop_words = "fr, en"}, run_);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->languages, ElementsAre("fr", "en"));
  EXPECT_THAT(plan->stop_words, Contains("avec"));
}

TEST_F(CountPlanTest, ReadsWordsFromAFile) {
  const auto path = std::filesystem::temp_directory_path() / "topograph_stop_words_test.txt";
  std::ofstream(path, std::ios::binary) << "\xEF\xBB\xBF"
                                        << "Katze\r\n\n  Dach \n";
  const auto plan = plan_counting(texts_, {.stop_words = "@" + path.string()}, run_);
  std::filesystem::remove(path);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->stop_words, ElementsAre("dach", "katze"));
}

TEST_F(CountPlanTest, ErrorsNameTheOption) {
  for (const char* choice : {"@/no/such/file", "xx", "en,xx", ",", ""}) {
    const auto plan = plan_counting(texts_, {.stop_words = choice}, run_);
    ASSERT_FALSE(plan) << choice;
    EXPECT_EQ(plan.error().subject, Subject::option) << choice;
    EXPECT_EQ(plan.error().where, "stop_words") << choice;
  }
  const auto plan = plan_counting(texts_, {.ngram_range = {2, 1}}, run_);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().where, "ngram_range");
}

TEST_F(CountPlanTest, WarnsWhenNoLanguageIsRecognised) {
  ASSERT_TRUE(plan_counting(column({"zzz qqq"}), {}, run_));
  EXPECT_THAT(run_.warnings(), ElementsAre(HasSubstr("no language")));
}

}  // namespace
}  // namespace topograph
