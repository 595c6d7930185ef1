#include "topograph/represent/part_of_speech.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/represent/represent_topics.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum PartOfSpeech;

std::vector<PartOfSpeech> tags(const std::vector<std::string_view>& words) {
  return parts_of_speech(words);
}

TEST(PartsOfSpeech, TagEveryWordOfASentence) {
  EXPECT_THAT(tags({"The", "old", "captain", "quickly", "sold", "his", "broken", "boats"}),
              ElementsAre(det, adj, noun, adv, verb, pron, adj, noun));
  EXPECT_THAT(tags({}), IsEmpty());
}

TEST(PartsOfSpeech, DependOnTheNeighbours) {
  EXPECT_THAT(tags({"the", "evening", "walks", "were", "long"}).at(2), noun);
  EXPECT_THAT(tags({"she", "walks", "home", "every", "day"}).at(1), verb);
}

TEST(PosPatterns, AreTagsApartBySpacesAndRefuseOthers) {
  const auto patterns = parse_pos_patterns({"ADJ NOUN", " NOUN "}, "x");
  ASSERT_TRUE(patterns);
  EXPECT_THAT(*patterns, ElementsAre(ElementsAre(adj, noun), ElementsAre(noun)));
  const auto wrong = parse_pos_patterns({"ADJ noun"}, "pos.patterns");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, "pos.patterns");
  EXPECT_THAT(wrong.error().message, HasSubstr("'noun'"));
  EXPECT_FALSE(parse_pos_patterns({" "}, "x"));
}

/// Topics of a small corpus, described by parts of speech.
std::vector<std::vector<std::string>> pos_words(const std::vector<std::string>& documents,
                                                const std::vector<std::int32_t>& topics,
                                                const CountOptions& options, const PosOptions& pos,
                                                int threads = 2) {
  RunContext run({.threads = threads});
  TextColumn texts;
  for (const std::string& text : documents) texts.push_back(text);
  const auto plan = *plan_counting(texts, options, run);
  const std::size_t n_topics = idx(*std::ranges::max_element(topics) + 1);
  const auto counts = *count_terms(texts, topics, n_topics, {}, plan, run);
  const auto idf = class_idf(counts.counts.view(), {});
  const auto weights = class_tfidf(counts.counts.view(), idf, {});
  const TopicEvidence evidence{.weights = weights.view(),
                               .vocabulary = &counts.vocabulary,
                               .texts = &texts,
                               .rows = topics,
                               .plan = &plan};
  const auto found =
      represent_topics(evidence, {Representation::pos}, {.pos = pos}, 10, nullptr, run);
  EXPECT_TRUE(found);
  std::vector<std::vector<std::string>> words;
  for (const auto& topic : *found) {
    words.emplace_back();
    for (const TopicWord& word : topic) words.back().push_back(word.term);
  }
  return words;
}

const std::vector<std::string> kDocuments = {
    "The old boats left the quiet harbour.", "Old boats sail quickly. Nobody saw the harbour",
    "She bakes fresh bread every morning.",
    "They quickly ate the fresh, warm bread in the kitchen"};
const std::vector<std::int32_t> kTopics = {0, 0, 1, 1};

TEST(PosWords, KeepNounsAdjectivesAndTheirPairs) {
  const CountOptions counting{.ngram_range = {1, 2}, .stop_words = "en"};
  const auto words = pos_words(kDocuments, kTopics, counting, {});
  ASSERT_EQ(words.size(), 2U);
  EXPECT_THAT(words[0], ::testing::IsSupersetOf({"boats", "harbour", "old", "old boats"}));
  EXPECT_THAT(words[0], ::testing::Not(::testing::Contains("quickly")));
  // A mark between two words keeps them apart.
  EXPECT_THAT(words[1], ::testing::IsSupersetOf({"bread", "warm bread", "kitchen"}));
  EXPECT_THAT(words[1], ::testing::Not(::testing::Contains("fresh warm")));
  for (const int threads : {1, 3, 7}) {
    EXPECT_EQ(pos_words(kDocuments, kTopics, counting, {}, threads), words);
  }
}

TEST(PosWords, FollowThePatternsThatAreGiven) {
  const CountOptions counting{.ngram_range = {1, 2}, .stop_words = "en"};
  const auto verbs = pos_words(kDocuments, kTopics, counting, {.patterns = {"VERB"}});
  EXPECT_THAT(verbs[1], ::testing::UnorderedElementsAre("bakes", "ate"));
  const auto pairs =
      pos_words(kDocuments, kTopics, counting, {.patterns = {"ADJ NOUN"}, .top_n_words = 1});
  EXPECT_THAT(pairs[0], ElementsAre("old boats"));
}

}  // namespace
}  // namespace topograph
