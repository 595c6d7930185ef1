#include "topograph/tokenize/tokenizer.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

namespace topograph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Ids = std::vector<std::int32_t>;

/// Ids: [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, then as listed.
constexpr std::string_view bert_json = R"({
  "version": "1.0",
  "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
  "padding": {"pad_id": 0},
  "added_tokens": [
    {"id": 0, "content": "[PAD]", "special": true, "normalized": false},
    {"id": 1, "content": "[UNK]", "special": true, "normalized": false},
    {"id": 2, "content": "[CLS]", "special": true, "normalized": false},
    {"id": 3, "content": "[SEP]", "special": true, "normalized": false},
    {"id": 18, "content": "[MASK]", "special": true, "normalized": false, "lstrip": true}
  ],
  "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                 "strip_accents": null, "lowercase": true},
  "pre_tokenizer": {"type": "BertPreTokenizer"},
  "post_processor": {"type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}},
               {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
    "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                       "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
  "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
    "max_input_chars_per_word": 12,
    "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "un": 4, "##aff": 5, "##able": 6,
              "hello": 7, "world": 8, "!": 9, "cafe": 10, "中": 11, "文": 12, "i": 13, "##i": 14,
              "a": 15, "##b": 16, "strasse": 17}}
})";

Tokenizer make(std::string_view json) {
  auto tokenizer = Tokenizer::parse(json, "tokenizer.json");
  EXPECT_TRUE(tokenizer) << (tokenizer ? "" : to_string(tokenizer.error()));
  return *std::move(tokenizer);
}

std::string with(std::string_view from, std::string_view to) {
  std::string json(bert_json);
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

Ids content(const Tokenizer& tokenizer, std::string_view text) {
  Ids ids;
  EXPECT_FALSE(tokenizer.encode(text, {.add_special_tokens = false}, ids));
  return ids;
}

TEST(Tokenizer, TakesTheLongestPiecesFromTheLeft) {
  EXPECT_THAT(content(make(bert_json), "unaffable"), ElementsAre(4, 5, 6));
}

TEST(Tokenizer, AWordWithAnUnknownPartIsUnknownAsAWhole) {
  EXPECT_THAT(content(make(bert_json), "unaffzzz hello"), ElementsAre(1, 7));
}

TEST(Tokenizer, AWordOfMoreCharactersThanTheLimitIsUnknown) {
  const Tokenizer tokenizer = make(bert_json);
  EXPECT_THAT(content(tokenizer, "abbbbbbbbbbb"), testing::SizeIs(12));
  EXPECT_THAT(content(tokenizer, "abbbbbbbbbbbb"), ElementsAre(1));
}

TEST(Tokenizer, LowersStripsAccentsAndIsolatesPunctuation) {
  EXPECT_THAT(content(make(bert_json), "HELLO, Wörld! Café"), ElementsAre(7, 1, 8, 9, 10));
}

TEST(Tokenizer, PutsIdeographsApart) {
  EXPECT_THAT(content(make(bert_json), "hello中文world"), ElementsAre(7, 11, 12, 8));
}

TEST(Tokenizer, DropsControlCharactersInsideAWord) {
  EXPECT_THAT(content(make(bert_json), std::string("he\x01l\0lo\xC2\xAD", 9)), ElementsAre(7));
}

TEST(Tokenizer, AddsSpecialTokensAroundTheTextAndAloneForEmptyText) {
  const Tokenizer tokenizer = make(bert_json);
  Ids ids;
  EXPECT_FALSE(tokenizer.encode("hello", {}, ids));
  EXPECT_FALSE(tokenizer.encode("", {}, ids));
  EXPECT_FALSE(tokenizer.encode(" \t\n", {}, ids));
  EXPECT_THAT(ids, ElementsAre(2, 7, 3, 2, 3, 2, 3));
}

TEST(Tokenizer, CutsTheContentSoThatSpecialTokensFit) {
  const Tokenizer tokenizer = make(bert_json);
  Ids ids;
  EXPECT_TRUE(tokenizer.encode("hello world hello", {.max_length = 4}, ids));
  EXPECT_THAT(ids, ElementsAre(2, 7, 8, 3));
  ids.clear();
  EXPECT_FALSE(tokenizer.encode("hello world", {.max_length = 4}, ids));
  EXPECT_THAT(ids, ElementsAre(2, 7, 8, 3));
  ids.clear();
  EXPECT_TRUE(tokenizer.encode("unaffable", {.add_special_tokens = false, .max_length = 2}, ids));
  EXPECT_THAT(ids, ElementsAre(4, 5));
  ids.clear();
  EXPECT_TRUE(tokenizer.encode("hello", {.max_length = 1}, ids));
  EXPECT_THAT(ids, ElementsAre(2));
}

TEST(Tokenizer, CutsAtTheLeftWhenTheFileSaysSo) {
  const Tokenizer tokenizer =
      make(with(R"("max_length": 4,)", R"("direction": "Left", "max_length": 4,)"));
  Ids ids;
  std::vector<TokenOffsets> offsets;
  EXPECT_TRUE(tokenizer.encode("hello world !", {.max_length = 4}, ids, &offsets));
  EXPECT_THAT(ids, ElementsAre(2, 8, 9, 3));
  EXPECT_THAT(offsets, ElementsAre(TokenOffsets{}, TokenOffsets{6, 11}, TokenOffsets{12, 13},
                                   TokenOffsets{}));
}

TEST(Tokenizer, FindsAddedTokensInTheRawText) {
  const Tokenizer tokenizer = make(bert_json);
  Ids ids;
  std::vector<TokenOffsets> offsets;
  tokenizer.encode("hello[SEP]world  [MASK] [mask]", {.add_special_tokens = false}, ids, &offsets);
  EXPECT_THAT(ids, ElementsAre(7, 3, 8, 18, 1, 1, 1));
  EXPECT_EQ(offsets[1], (TokenOffsets{5, 10}));
  EXPECT_EQ(offsets[3], (TokenOffsets{15, 23}));  // lstrip takes the two spaces
}

TEST(Tokenizer, OffsetsAreBytesOfTheOriginalText) {
  const Tokenizer tokenizer = make(bert_json);
  Ids ids;
  std::vector<TokenOffsets> offsets;
  tokenizer.encode(
      "Ca\xCC\x81"
      "f\xC3\xA9 \xE4\xB8\xADUNAFFABLE",
      {}, ids, &offsets);
  EXPECT_THAT(ids, ElementsAre(2, 10, 11, 4, 5, 6, 3));
  EXPECT_THAT(offsets, ElementsAre(TokenOffsets{}, TokenOffsets{0, 7}, TokenOffsets{8, 11},
                                   TokenOffsets{11, 13}, TokenOffsets{13, 16}, TokenOffsets{16, 20},
                                   TokenOffsets{}));
}

TEST(Tokenizer, KnowsItsVocabulary) {
  const Tokenizer tokenizer = make(bert_json);
  EXPECT_EQ(tokenizer.vocabulary_size(), 19U);
  EXPECT_EQ(tokenizer.token(18), "[MASK]");
  EXPECT_EQ(tokenizer.token(5), "##aff");
  EXPECT_EQ(tokenizer.token(19), "");
  EXPECT_EQ(tokenizer.token(-1), "");
  EXPECT_EQ(tokenizer.token_id("##aff"), 5);
  EXPECT_EQ(tokenizer.token_id("[MASK]"), 18);
  EXPECT_EQ(tokenizer.token_id("absent"), -1);
  EXPECT_EQ(tokenizer.unknown_id(), 1);
  EXPECT_EQ(tokenizer.padding_id(), 0);
}

TEST(Tokenizer, EncodesAllTextsLikeEachOne) {
  const Tokenizer tokenizer = make(bert_json);
  TextColumn texts;
  for (int i = 0; i < 1000; ++i) texts.push_back(i % 3 == 0 ? "hello world !" : "unaffable");
  RunContext run({.threads = 2});
  const auto batch = tokenizer.encode_all(texts, {.max_length = 4}, run);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->size(), 1000U);
  EXPECT_EQ(batch->n_truncated, 1000);
  EXPECT_THAT((*batch)[999], ElementsAre(2, 7, 8, 3));
  EXPECT_THAT((*batch)[998], ElementsAre(2, 4, 5, 3));
  const auto none = tokenizer.encode_all(TextColumn{}, {}, run);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->size(), 0U);
  EXPECT_THAT(none->ids, IsEmpty());
}

struct Damage {
  std::string name;
  std::string json;
  ErrorCode code = ErrorCode::parse;
  std::string where;
  std::string message;
};

class DamagedFile : public testing::TestWithParam<Damage> {};

TEST_P(DamagedFile, IsRefusedWithThePlaceAndTheReason) {
  const auto tokenizer = Tokenizer::parse(GetParam().json, "t.json");
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().code, GetParam().code);
  EXPECT_EQ(tokenizer.error().subject, Subject::model);
  EXPECT_THAT(tokenizer.error().where, HasSubstr(GetParam().where));
  EXPECT_THAT(tokenizer.error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedFile,
    testing::Values(
        Damage{"Empty", "", ErrorCode::parse, "t.json:1:1", "not valid JSON"},
        Damage{"Cut", std::string(bert_json.substr(0, 300)), ErrorCode::parse, "t.json:8:9",
               "not valid JSON"},
        Damage{"NoObject", "[1]", ErrorCode::parse, "t.json", "expected an object"},
        Damage{"NoModel", "{}", ErrorCode::parse, "model", "no model"},
        Damage{"NoVocabulary", R"({"model": {"type": "WordPiece"}})", ErrorCode::parse,
               "model.vocab", "no vocabulary"},
        Damage{"OtherModel", with("\"WordPiece\"", "\"Lattice\""), ErrorCode::unsupported, "model",
               "\"Lattice\" is not supported"},
        Damage{"OtherNormalizer", with("\"BertNormalizer\"", "\"Rot13\""), ErrorCode::unsupported,
               "normalizer", "normalizer \"Rot13\""},
        Damage{"OtherPreTokenizer", with("\"BertPreTokenizer\"", "\"UnicodeScripts\""),
               ErrorCode::unsupported, "pre_tokenizer", "pre-tokenizer \"UnicodeScripts\""},
        Damage{"OtherPostProcessor", with("\"TemplateProcessing\"", "\"Pairs\""),
               ErrorCode::unsupported, "post_processor", "post-processor \"Pairs\""},
        Damage{"NoUnknownToken", with("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"<unk>\""),
               ErrorCode::parse, "t.json", "\"<unk>\" is not in model.vocab"},
        Damage{"HugeId", with("\"strasse\": 17", "\"strasse\": 4000000000"), ErrorCode::parse,
               "model.vocab", "id of token \"strasse\" is 4000000000"},
        Damage{"NegativeId", with("\"strasse\": 17", "\"strasse\": -1"), ErrorCode::parse,
               "model.vocab", "id of token \"strasse\" is -1"},
        Damage{"TextAsId", with("\"strasse\": 17", "\"strasse\": \"17\""), ErrorCode::parse,
               "model.vocab", "expected an integer"},
        Damage{"SpecialIdOutside", with("\"ids\": [2]", "\"ids\": [77]"), ErrorCode::parse,
               "post_processor.special_tokens.[CLS].ids[0]", "outside of the vocabulary of 19"},
        Damage{"AddedTokenWithAnotherId", with("{\"id\": 18,", "{\"id\": 20,"), ErrorCode::parse,
               "added_tokens[4].id", "claims id 20"},
        Damage{"FlagAsText", with("\"clean_text\": true", "\"clean_text\": \"yes\""),
               ErrorCode::parse, "normalizer.clean_text", "expected true or false"}),
    [](const auto& damage) { return damage.param.name; });

TEST(Tokenizer, LoadNamesAFileThatIsNotThere) {
  const auto tokenizer = Tokenizer::load("/nowhere/tokenizer.json");
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().code, ErrorCode::not_found);
  EXPECT_EQ(tokenizer.error().where, "/nowhere/tokenizer.json");
}

}  // namespace
}  // namespace topograph
