// Stemming, patterns, given vocabularies, frequencies of topics, and counting in little memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "topograph/core/random.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/text_windows.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Counts = std::map<std::string, double>;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn out;
  for (const std::string& text : texts) out.push_back(text);
  return out;
}

struct Counted {
  CountPlan plan = {};
  TermCounts counts = {};

  [[nodiscard]] Counts row(std::size_t row) const {
    Counts found;
    const auto view = counts.counts.view();
    for (std::size_t i = view.begin(row); i < view.end(row); ++i) {
      found[std::string(counts.vocabulary.term(view.columns[i]))] = view.values[i];
    }
    return found;
  }
};

Counted count(const std::vector<std::string>& texts, const std::vector<std::int32_t>& classes,
              const CountOptions& options, const RunSettings& settings = {}) {
  RunContext run(settings);
  const TextColumn documents = column(texts);
  Counted out;
  auto plan = plan_counting(documents, options, run);
  EXPECT_TRUE(plan) << to_string(plan.error());
  out.plan = *std::move(plan);
  const auto n_classes = static_cast<std::size_t>(*std::ranges::max_element(classes)) + 1;
  out.counts = *count_terms(documents, classes, n_classes, {}, out.plan, run);
  return out;
}

TEST(Stemming, CountsFormsTogetherAndShowsTheMostFrequent) {
  const auto found = count({"boats and a boat", "the boats sailing", "they sail"}, {0, 0, 1},
                           {.stop_words = "en", .stemming = "en"});
  EXPECT_THAT(found.row(0), UnorderedElementsAre(Pair("boats", 3), Pair("sail", 1)));
  EXPECT_THAT(found.row(1), UnorderedElementsAre(Pair("sail", 1)));
  // A document that has two forms counts once.
  EXPECT_EQ(found.counts.vocabulary.document_frequency()[0], 2);
}

TEST(Stemming, JoinsTheFormsOfNgrams) {
  const auto found = count({"red boats", "red boat", "red boat"}, {0, 0, 0},
                           {.ngram_range = {2, 2}, .stop_words = "none", .stemming = "en"});
  EXPECT_THAT(found.row(0), ElementsAre(Pair("red boat", 3)));
}

TEST(Stemming, IsKnownWhenNewTextsAreCounted) {
  const auto found =
      count({"boats and boats", "a boat sails"}, {0, 0}, {.stop_words = "en", .stemming = "en"});
  RunContext run;
  const auto fresh = count_documents(column({"boating Boat"}), std::array<std::int64_t, 1>{0},
                                     found.counts.vocabulary, found.plan, run);
  ASSERT_TRUE(fresh);
  EXPECT_THAT(fresh->values, ElementsAre(2));
  const KnownTerms terms = *KnownTerms::build(found.counts.vocabulary, found.plan, run);
  TextWindows windows(terms);
  ASSERT_EQ(windows.read("the boating").size(), 2U);
  EXPECT_THAT(windows.terms(0, 2), ElementsAre(found.counts.vocabulary.find("boats")));
}

TEST(Stemming, FollowsTheMainLanguageOrRefusesAnUnknownOne) {
  RunContext run;
  const CountOptions options{.stop_words = "de", .stemming = "detect"};
  EXPECT_EQ(plan_counting(column({"Die Häuser"}), options, run)->stem_language, "de");
  EXPECT_EQ(plan_counting(column({"東京"}), {.stop_words = "ja", .stemming = "detect"}, run)
                ->stem_language,
            "");
  const auto wrong = plan_counting(column({"a"}), {.stemming = "xx"}, run);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("da de el en"));
}

TEST(TokenPattern, WordsWithSpacesOrTabsInsideAreTermsLikeOthers) {
  const CountOptions options{.ngram_range = {1, 2},
                             .stop_words = "none",
                             .token_rule = WordRule::pattern,
                             .token_pattern = "new york|a\tb|[a-z]+"};
  const std::vector<std::string> texts = {"new york city", "new house", "a b a\tb"};
  const auto found = count(texts, {0, 0, 0}, options);
  EXPECT_THAT(
      found.row(0),
      UnorderedElementsAre(Pair("new york", 1), Pair("city", 1), Pair("new york city", 1),
                           Pair("new", 1), Pair("house", 1), Pair("new house", 1), Pair("a", 1),
                           Pair("b", 1), Pair("a b", 1), Pair("a\tb", 1), Pair("b a\tb", 1)));
  RunContext run;
  const std::array<std::int64_t, 3> rows = {0, 1, 2};
  const auto again = count_documents(column(texts), rows, found.counts.vocabulary, found.plan, run);
  ASSERT_TRUE(again);
  EXPECT_EQ(std::accumulate(again->values.begin(), again->values.end(), 0.0), 11);
  CountOptions given = options;
  given.vocabulary = {"new york", "city", "york"};
  EXPECT_THAT(count(texts, {0, 0, 0}, given).row(0),
              UnorderedElementsAre(Pair("new york", 1), Pair("city", 1)));
}

TEST(TokenPattern, DecidesWhatAWordIs) {
  const CountOptions options{
      .stop_words = "none", .token_rule = WordRule::pattern, .token_pattern = "[a-z]+-[0-9]+"};
  EXPECT_THAT(count({"Take A-1, not a-22 or b"}, {0}, options).row(0),
              UnorderedElementsAre(Pair("a-1", 1), Pair("a-22", 1)));
  RunContext run;
  CountOptions wrong = options;
  wrong.token_pattern = "[a-";
  EXPECT_THAT(plan_counting(column({"a"}), wrong, run).error().where, HasSubstr("token_pattern"));
  wrong.token_pattern = "(a)(b)";
  EXPECT_THAT(plan_counting(column({"a"}), wrong, run).error().message, HasSubstr("one group"));
}

TEST(GivenVocabulary, KeepsItsTermsAndNoOthers) {
  const auto found =
      count({"boat sail mast", "boat"}, {0, 1},
            {.stop_words = "none", .min_df = 2, .vocabulary = {"mast", "boat", "oar"}});
  EXPECT_THAT(found.row(0), UnorderedElementsAre(Pair("boat", 1), Pair("mast", 1)));
  EXPECT_EQ(found.counts.vocabulary.size(), 3U);
  RunContext run;
  EXPECT_FALSE(plan_counting(column({"a"}), {.vocabulary = {"@/no/such/file"}}, run));
}

TEST(DocumentFrequency, MayBeThatOfTopics) {
  const std::vector<std::string> texts = {"boat", "boat", "boat oven", "oven bread", "bread"};
  const std::vector<std::int32_t> classes = {0, 0, 0, 1, 1};
  const auto of_topics =
      count(texts, classes, {.stop_words = "none", .min_df = 2, .df_of = FrequencyOf::topics});
  EXPECT_EQ(of_topics.counts.vocabulary.size(), 1U);
  EXPECT_EQ(of_topics.counts.vocabulary.term(0), "oven");
  const auto of_documents = count(texts, classes, {.stop_words = "none", .min_df = 3});
  EXPECT_EQ(of_documents.counts.vocabulary.term(0), "boat");
  const auto share =
      count(texts, classes, {.stop_words = "none", .max_df = 0.5, .df_of = FrequencyOf::topics});
  EXPECT_EQ(share.counts.vocabulary.size(), 2U);
}

TEST(CountTerms, DropsRareTermsWhenMemoryIsShortAndSaysSo) {
  std::vector<std::string> texts;
  const RandomKey key = random_key(2, "memory");
  for (std::uint64_t i = 0; i < 40000; ++i) {
    texts.push_back("often seen rare" + std::to_string(i) + " word" +
                    std::to_string(uniform_below(key, i, 0, 50)));
  }
  const std::vector<std::int32_t> classes(texts.size(), 0);
  const CountOptions options{.ngram_range = {1, 2}, .stop_words = "none"};
  const auto enough = count(texts, classes, options);
  EXPECT_THAT(enough.counts.warnings, IsEmpty());
  const auto little = count(texts, classes, options, {.threads = 2, .memory_bytes = 6U << 20U});
  ASSERT_EQ(little.counts.warnings.size(), 1U);
  EXPECT_THAT(little.counts.warnings[0], HasSubstr("memory budget"));
  EXPECT_LT(little.counts.vocabulary.size(), enough.counts.vocabulary.size() / 2);
  for (const std::string term : {"often", "often seen", "word7"}) {
    EXPECT_EQ(little.row(0).at(term), enough.row(0).at(term)) << term;
  }
  // The same on any number of threads.
  const auto again = count(texts, classes, options, {.threads = 1, .memory_bytes = 6U << 20U});
  EXPECT_EQ(again.row(0), little.row(0));
}

}  // namespace
}  // namespace topograph
