#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace {

using nlohmann::json;

json read_json(const std::string& name) {
  std::ifstream file(std::string(TG_TEST_DATA) + "/tokenize/" + name);
  return json::parse(file);
}

Tokenizer make(const json& document) {
  auto tokenizer = Tokenizer::parse(document.dump(), "wordpiece.json");
  EXPECT_TRUE(tokenizer) << (tokenizer ? "" : to_string(tokenizer.error()));
  return *std::move(tokenizer);
}

/// Each case: text, ids, and begin and end of each token in bytes.
void expect_cases(const Tokenizer& tokenizer, const json& cases) {
  ASSERT_FALSE(cases.empty());
  for (const json& one : cases) {
    const auto text = one[0].get<std::string>();
    std::vector<std::int32_t> ids;
    std::vector<TokenOffsets> offsets;
    tokenizer.encode(text, {}, ids, &offsets);
    EXPECT_EQ(ids, one[1].get<std::vector<std::int32_t>>()) << one[0].dump(-1, ' ', true);
    std::vector<std::uint32_t> flat;
    for (const TokenOffsets& at : offsets) flat.insert(flat.end(), {at.begin, at.end});
    EXPECT_EQ(flat, one[2].get<std::vector<std::uint32_t>>()) << one[0].dump(-1, ' ', true);
    std::vector<std::int32_t> ids_alone;
    tokenizer.encode(text, {}, ids_alone);
    EXPECT_EQ(ids_alone, ids);
  }
}

TEST(WordPieceGolden, EveryVariantGivesThePeersIdsAndOffsets) {
  const json base = read_json("wordpiece.json");
  const json golden = read_json("wordpiece_cases.json");
  for (const json& variant : golden["variants"]) {
    SCOPED_TRACE(variant["name"].get<std::string>());
    json document = base;
    document.merge_patch(variant["patch"]);
    expect_cases(make(document), variant["cases"]);
  }
}

TEST(WordPieceGolden, TruncatesLikeThePeer) {
  const Tokenizer tokenizer = make(read_json("wordpiece.json"));
  const json golden = read_json("wordpiece_cases.json");
  for (const json& one : golden["truncated"]) {
    const auto text = one[0].get<std::string>();
    std::vector<std::int32_t> all;
    tokenizer.encode(text, {}, all);
    std::vector<std::int32_t> ids;
    const auto max_length = one[1].get<std::size_t>();
    const bool was_cut = tokenizer.encode(text, {.max_length = max_length}, ids);
    EXPECT_EQ(ids, one[2].get<std::vector<std::int32_t>>()) << text;
    EXPECT_EQ(was_cut, all.size() > max_length) << text;
  }
}

TEST(WordPieceGolden, AllMiniLmGivesThePeersIdsAndOffsets) {
  const auto path = std::filesystem::path(TG_ENCODER_DIR) / "tokenizer.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no all-MiniLM-L6-v2";
  const auto tokenizer = Tokenizer::load(path);
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  EXPECT_EQ(tokenizer->vocabulary_size(), 30522U);
  EXPECT_EQ(tokenizer->unknown_id(), 100);
  EXPECT_EQ(tokenizer->padding_id(), 0);
  expect_cases(*tokenizer, read_json("wordpiece_cases.json")["all-MiniLM-L6-v2"]);
}

}  // namespace
}  // namespace topograph
