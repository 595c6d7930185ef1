#include "topograph/topics/class_tfidf.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "topograph/text/count_terms.hpp"

namespace topograph {
namespace {

using Json = nlohmann::json;

constexpr double kRelative = 1e-12;  // The project asks for 1e-6.

Json golden_data() {
  std::ifstream file(TG_TEST_DATA "/topics/class_tfidf.json");
  return Json::parse(file, nullptr, false);
}

// BERTopic stores products that are 0; ours leave them out.
Csr<double> rows_of(const Json& json) {
  Csr<double> rows;
  rows.n_cols = json["n_cols"];
  const auto offsets = json["offsets"].get<std::vector<std::size_t>>();
  for (std::size_t r = 0; r + 1 < offsets.size(); ++r) {
    for (std::size_t i = offsets[r]; i < offsets[r + 1]; ++i) {
      if (json["values"][i] == 0) continue;
      rows.columns.push_back(json["columns"][i]);
      rows.values.push_back(json["values"][i]);
    }
    rows.offsets.push_back(static_cast<std::int64_t>(rows.columns.size()));
  }
  return rows;
}

void expect_close(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], kRelative * std::abs(expected[i])) << i;
  }
}

TEST(ClassTfidfGolden, EqualsBertopic) {
  const Json data = golden_data();
  ASSERT_FALSE(data.is_discarded());
  for (const Json& set : data["sets"]) {
    const Csr<double> counts = rows_of(set["counts"]);
    for (const Json& golden : set["cases"]) {
      SCOPED_TRACE(set["name"].get<std::string>());
      const ClassTfidfOptions options{.bm25_weighting = golden["bm25_weighting"],
                                      .reduce_frequent_words = golden["reduce_frequent_words"]};
      const auto idf = class_idf(counts.view(), options);
      expect_close(idf, golden["idf"].get<std::vector<double>>());
      const Csr<double> weights = class_tfidf(counts.view(), idf, options);
      const Csr<double> expected = rows_of(golden["weights"]);
      EXPECT_EQ(weights.offsets, expected.offsets);
      EXPECT_EQ(weights.columns, expected.columns);
      expect_close(weights.values, expected.values);
    }
  }
}

TEST(ClassTfidfGolden, CountsOfClassesEqualThePeersBeforeWeighing) {
  const Json data = golden_data();
  ASSERT_FALSE(data.is_discarded());
  TextColumn texts;
  for (const auto& text : data["texts"]) texts.push_back(text.get<std::string>());
  const auto classes = data["classes"].get<std::vector<std::int32_t>>();
  RunContext run;
  const auto plan =
      plan_counting(texts, {.stop_words = "none", .token_rule = WordRule::sklearn}, run);
  ASSERT_TRUE(plan);
  const auto counted = count_terms(texts, classes, 4, {}, *plan, run);
  ASSERT_TRUE(counted);
  const Csr<double> expected = rows_of(data["sets"][2]["counts"]);
  EXPECT_EQ(counted->counts.columns, expected.columns);
  EXPECT_EQ(counted->counts.values, expected.values);
  EXPECT_EQ(counted->vocabulary.size(), data["vocabulary"].size());
}

}  // namespace
}  // namespace topograph
