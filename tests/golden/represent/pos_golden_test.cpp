// Words by part of speech: with equal tags, the words and weights that BERTopic and spaCy choose.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/represent/part_of_speech.hpp"
#include "topograph/represent/represent_topics.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph {
namespace {

using golden::Json;

const Json& peer() {
  static const Json data = [] {
    std::ifstream file(TG_TEST_DATA "/represent/pos.json");
    return Json::parse(file);
  }();
  return data;
}

TEST(PosGolden, TagsAreThoseOfTheDescribedModel) {
  const auto& names = EnumNames<PartOfSpeech>::names;
  for (const Json& sentence : peer()["tags"]) {
    std::vector<std::string_view> words;
    std::vector<std::string> expected;
    for (const Json& pair : sentence) {
      words.emplace_back(pair[0].get_ref<const std::string&>());
      expected.push_back(pair[1]);
    }
    std::vector<std::string> found;
    for (const PartOfSpeech tag : parts_of_speech(words)) {
      found.emplace_back(names[static_cast<std::size_t>(tag)]);
    }
    EXPECT_EQ(found, expected) << sentence.dump();
  }
}

TEST(PosGolden, WordsOfEveryPatternAreThePeers) {
  TextColumn texts;
  for (const Json& text : peer()["texts"]) texts.push_back(text.get<std::string>());
  auto rows = peer()["topics"].get<std::vector<std::int32_t>>();
  for (std::int32_t& row : rows) ++row;  // -1 is the first row.
  const auto n_rows = idx(*std::ranges::max_element(rows)) + 1;
  RunContext run;
  const auto plan = plan_counting(
      texts, {.ngram_range = {1, 2}, .stop_words = "none", .token_rule = WordRule::sklearn}, run);
  ASSERT_TRUE(plan);
  std::vector<std::int32_t> own_row(n_rows);
  std::iota(own_row.begin(), own_row.end(), 0);
  const auto counts =
      count_terms(golden::joined(texts, rows, n_rows), own_row, n_rows, {}, *plan, run);
  ASSERT_TRUE(counts);
  const auto idf = class_idf(counts->counts.view(), {});
  const Csr<double> weights = class_tfidf(counts->counts.view(), idf, {});
  const TopicEvidence evidence{.weights = weights.view(),
                               .vocabulary = &counts->vocabulary,
                               .texts = &texts,
                               .rows = rows,
                               .plan = &*plan};
  for (const Json& golden : peer()["chosen"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    PosOptions options{.top_n_words = 8};
    const auto patterns = golden["patterns"].get<std::vector<std::string>>();
    if (!patterns.empty()) options.patterns = patterns;
    const auto words =
        represent_topics(evidence, {Representation::pos}, {.pos = options}, 10, nullptr, run);
    ASSERT_TRUE(words);
    ASSERT_EQ(words->size(), golden["words"].size());
    for (std::size_t row = 0; row < words->size(); ++row) {
      const auto expected =
          golden::words_of(golden["words"][std::to_string(static_cast<int>(row) - 1)]);
      EXPECT_EQ(golden::difference((*words)[row], expected, 1e-9), "") << row;
    }
  }
}

}  // namespace
}  // namespace topograph
