#include "topograph/text/text_windows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn out;
  for (const std::string& text : texts) out.push_back(text);
  return out;
}

struct Counted {
  CountPlan plan = {};
  TermCounts counts = {};
};

Counted count(const std::vector<std::string>& texts, const CountOptions& options) {
  RunContext run;
  const TextColumn documents = column(texts);
  const std::vector<std::int32_t> classes(texts.size(), 0);
  Counted out;
  out.plan = *plan_counting(documents, options, run);
  out.counts = *count_terms(documents, classes, 1, {}, out.plan, run);
  return out;
}

std::vector<std::string> names(std::span<const std::int32_t> ids, const Vocabulary& vocabulary) {
  std::vector<std::string> out;
  for (const std::int32_t id : ids) out.emplace_back(vocabulary.term(id));
  return out;
}

TEST(TextWindows, FindTermsWhereTheyStandInTheText) {
  const auto [plan, counts] = count({"boat oven"}, {.stop_words = "en"});
  RunContext run;
  const KnownTerms terms = *KnownTerms::build(counts.vocabulary, plan, run);
  TextWindows windows(terms);
  const std::string text = "The Boat, a  BOAT’s oven!";
  const auto tokens = windows.read(text);
  std::vector<std::string> words;
  for (const TokenSpan& token : tokens)
    words.push_back(text.substr(token.begin, token.end - token.begin));
  EXPECT_THAT(words, ElementsAre("The", "Boat", "a", "BOAT’s", "oven"));
  EXPECT_EQ(tokens[0].term_id, -1);
  EXPECT_EQ(tokens[1].term_id, counts.vocabulary.find("boat"));
  EXPECT_EQ(tokens[3].term_id, counts.vocabulary.find("boat"));
  EXPECT_THAT(names(windows.terms(0, 5), counts.vocabulary), ElementsAre("boat", "boat", "oven"));
  EXPECT_THAT(windows.terms(2, 3), IsEmpty());
  EXPECT_THAT(windows.read(""), IsEmpty());
}

TEST(TextWindows, NgramsBridgeStopWordsInsideTheRunOnly) {
  const auto [plan, counts] =
      count({"salt and pepper and oil"}, {.ngram_range = {2, 2}, .stop_words = "en"});
  RunContext run;
  const KnownTerms terms = *KnownTerms::build(counts.vocabulary, plan, run);
  TextWindows windows(terms);
  ASSERT_EQ(windows.read("salt and pepper and oil").size(), 5U);
  EXPECT_THAT(names(windows.terms(0, 3), counts.vocabulary), ElementsAre("salt pepper"));
  EXPECT_THAT(names(windows.terms(0, 5), counts.vocabulary),
              ElementsAre("salt pepper", "pepper oil"));
  EXPECT_THAT(windows.terms(0, 2), IsEmpty());
}

TEST(TextWindows, PlacesSpanTheStopWordsThatAnNgramBridges) {
  const auto [plan, counts] =
      count({"salt and pepper oil"}, {.ngram_range = {1, 2}, .stop_words = "en"});
  RunContext run;
  const KnownTerms terms = *KnownTerms::build(counts.vocabulary, plan, run);
  TextWindows windows(terms);
  ASSERT_EQ(windows.read("The salt and pepper, the oil").size(), 6U);
  const auto id = [&](std::string_view term) { return counts.vocabulary.find(term); };
  EXPECT_THAT(windows.places(),
              ElementsAre(TermPlace{id("salt"), 1, 2}, TermPlace{id("salt pepper"), 1, 4},
                          TermPlace{id("pepper"), 3, 4}, TermPlace{id("pepper oil"), 3, 6},
                          TermPlace{id("oil"), 5, 6}));
  EXPECT_THAT(windows.read(""), IsEmpty());
  EXPECT_THAT(windows.places(), IsEmpty());
}

TEST(TextWindows, OfAWholeTextCountWhatCountingCounts) {
  const std::vector<std::string> texts = {"L’homme et la mer", "東京の天気は良い",
                                          "don't Stop the city's music", "über Straße straße"};
  for (const WordRule rule : {WordRule::words, WordRule::sklearn}) {
    const auto [plan, counts] =
        count(texts, {.ngram_range = {1, 2}, .stop_words = "en,fr", .token_rule = rule});
    RunContext run;
    const KnownTerms terms = *KnownTerms::build(counts.vocabulary, plan, run);
    TextWindows windows(terms);
    const TextColumn documents = column(texts);
    const auto expected = count_documents(documents, std::array<std::int64_t, 4>{0, 1, 2, 3},
                                          counts.vocabulary, plan, run);
    ASSERT_TRUE(expected);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::size_t n = windows.read(texts[i]).size();
      std::vector<double> found(counts.vocabulary.size(), 0);
      for (const std::int32_t id : windows.terms(0, n)) found[static_cast<std::size_t>(id)] += 1;
      std::vector<double> wanted(counts.vocabulary.size(), 0);
      for (std::size_t e = expected->view().begin(i); e < expected->view().end(i); ++e) {
        wanted[static_cast<std::size_t>(expected->columns[e])] = expected->values[e];
      }
      EXPECT_EQ(found, wanted) << texts[i];
    }
  }
}

}  // namespace
}  // namespace topograph
