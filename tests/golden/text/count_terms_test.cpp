#include "topograph/text/count_terms.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

namespace topograph {
namespace {

using Json = nlohmann::json;

CountOptions options_of(const Json& given) {
  CountOptions options;
  options.token_rule = WordRule::sklearn;
  options.stop_words = given.value("stop_words", "none");
  options.lowercase = given.value("lowercase", true);
  options.min_df = given.value("min_df", 1.0);
  options.max_df = given.value("max_df", 1.0);
  if (given.contains("ngram_range")) {
    options.ngram_range = {given["ngram_range"][0], given["ngram_range"][1]};
  }
  if (given.contains("max_features")) options.max_features = given["max_features"].get<int>();
  options.vocabulary = given.value("vocabulary", std::vector<std::string>());
  if (given.contains("token_pattern")) {
    options.token_rule = WordRule::pattern;
    options.token_pattern = given["token_pattern"].get<std::string>();
  }
  return options;
}

TEST(CountTermsGolden, EqualsCountVectorizer) {
  std::ifstream file(TG_TEST_DATA "/text/count_vectorizer.json");
  ASSERT_TRUE(file);
  const Json data = Json::parse(file);
  TextColumn texts;
  for (const auto& text : data["texts"]) texts.push_back(text.get<std::string>());
  std::vector<std::int32_t> classes(texts.size());
  std::iota(classes.begin(), classes.end(), 0);

  RunContext run;
  for (const Json& golden : data["cases"]) {
    SCOPED_TRACE(golden["options"].dump());
    const auto plan = plan_counting(texts, options_of(golden["options"]), run);
    ASSERT_TRUE(plan);
    const auto counted = count_terms(texts, classes, texts.size(), {}, *plan, run);
    ASSERT_TRUE(counted);
    std::vector<std::string> vocabulary;
    for (std::size_t i = 0; i < counted->vocabulary.size(); ++i) {
      vocabulary.emplace_back(counted->vocabulary.terms()[i]);
    }
    EXPECT_EQ(vocabulary, golden["vocabulary"].get<std::vector<std::string>>());
    EXPECT_EQ(counted->counts.offsets, golden["offsets"].get<std::vector<std::int64_t>>());
    EXPECT_EQ(counted->counts.columns, golden["columns"].get<std::vector<std::int32_t>>());
    EXPECT_EQ(counted->counts.values, golden["values"].get<std::vector<double>>());
  }
}

}  // namespace
}  // namespace topograph
