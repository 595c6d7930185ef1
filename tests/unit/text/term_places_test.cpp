#include "topograph/text/term_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "topograph/text/count_terms.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;

struct Corpus {
  TextColumn texts = {};
  CountPlan plan = {};
  Vocabulary vocabulary = {};
};

Corpus corpus(std::size_t n) {
  Corpus out;
  for (std::size_t i = 0; i < n; ++i) {
    out.texts.push_back(i % 3 == 0 ? "a red boat, a blue boat" : i % 3 == 1 ? "" : "blue oven");
  }
  RunContext run;
  out.plan = *plan_counting(out.texts, {.stop_words = "en"}, run);
  const std::vector<std::int32_t> classes(n, 0);
  out.vocabulary = count_terms(out.texts, classes, 1, {}, out.plan, run)->vocabulary;
  return out;
}

TEST(TermPlaces, TellWhereTermsStandInTheWantedTexts) {
  const Corpus given = corpus(3);
  RunContext run;
  const KnownTerms terms = *KnownTerms::build(given.vocabulary, given.plan, run);
  const std::array<std::int64_t, 3> rows = {2, 1, 0};
  const auto found = find_term_places(given.texts, rows, terms, run);
  ASSERT_TRUE(found);
  const auto id = [&](std::string_view term) { return given.vocabulary.find(term); };
  EXPECT_THAT(found->first, ElementsAre(0, 2, 2, 6));
  EXPECT_THAT(found->n_tokens, ElementsAre(2, 0, 6));
  EXPECT_THAT(found->places, ElementsAre(TermPlace{id("blue"), 0, 1}, TermPlace{id("oven"), 1, 2},
                                         TermPlace{id("red"), 1, 2}, TermPlace{id("boat"), 2, 3},
                                         TermPlace{id("blue"), 4, 5}, TermPlace{id("boat"), 5, 6}));
}

TEST(TermPlaces, AreTheSameForAnyNumberOfThreads) {
  const Corpus given = corpus(1500);
  std::vector<std::int64_t> rows(1500);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  RunContext one({.threads = 1});
  const KnownTerms terms = *KnownTerms::build(given.vocabulary, given.plan, one);
  const auto expected = *find_term_places(given.texts, rows, terms, one);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto found = *find_term_places(given.texts, rows, terms, run);
    EXPECT_EQ(found.first, expected.first);
    EXPECT_EQ(found.n_tokens, expected.n_tokens);
    EXPECT_EQ(found.places, expected.places);
  }
}

}  // namespace
}  // namespace topograph
