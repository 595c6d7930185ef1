// Unigram and byte-pair encoding in closed form.
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Ids = std::vector<std::int32_t>;

Ids encode(const std::string& model, std::string_view text,
           std::vector<TokenOffsets>* offsets = nullptr) {
  const auto tokenizer = Tokenizer::parse(R"({"model": )" + model + "}", "t.json");
  EXPECT_TRUE(tokenizer) << to_string(tokenizer.error());
  Ids ids;
  if (tokenizer) tokenizer->encode(text, {}, ids, offsets);
  return ids;
}

const std::string pieces =
    R"([["<unk>",0],["a",-1],["b",-1],["ab",-1.5],["abab",-4],["<0xC3>",-9],["<0xA9>",-9]])";

std::string unigram(const std::string& options = "") {
  return R"({"type":"Unigram","unk_id":0,"vocab":)" + pieces + options + "}";
}

TEST(Unigram, TakesTheSplitOfTheHighestSum) {
  EXPECT_THAT(encode(unigram(), "abab"), ElementsAre(3, 3));  // -3 beats -4
  EXPECT_THAT(encode(unigram(), "aba"), ElementsAre(3, 1));
}

TEST(Unigram, NeighboursThatAreUnknownBecomeOneToken) {
  std::vector<TokenOffsets> offsets;
  EXPECT_THAT(encode(unigram(), "axyb", &offsets), ElementsAre(1, 0, 2));
  EXPECT_EQ(offsets[1], (TokenOffsets{1, 3}));
}

TEST(Unigram, FallsBackToBytesThatAllHaveATokenEachWithThePlaceOfTheWhole) {
  const std::string model = unigram(R"(,"byte_fallback":true)");
  std::vector<TokenOffsets> offsets;
  EXPECT_THAT(encode(model, "a\u00e9b", &offsets), ElementsAre(1, 5, 6, 2));
  EXPECT_EQ(offsets[1], (TokenOffsets{1, 3}));
  EXPECT_EQ(offsets[2], (TokenOffsets{1, 3}));
  EXPECT_THAT(encode(model, "\u00e8"), ElementsAre(0));  // 0xA8 has none
}

std::string bpe(const std::string& options) {
  return R"({"type":"BPE","vocab":{"a":0,"b":1,"c":2,"ab":3,"bc":4,"abc":5,"<unk>":6,"<0xC3>":7,)"
         R"("<0xA9>":8,"aa":9,"cab":10})" +
         options + "}";
}

TEST(Bpe, MergesTheLowestRankFirstAndTheLeftmostOfEquals) {
  const std::string model = bpe(R"(,"merges":["b c","a b","ab c","a a"])");
  EXPECT_THAT(encode(model, "abc"), ElementsAre(0, 4));  // bc comes before ab; a bc has no merge
  EXPECT_THAT(encode(model, "aaa"), ElementsAre(9, 0));
  EXPECT_THAT(encode(bpe(R"(,"merges":[["a","b"],["ab","c"]])"), "abcab"), ElementsAre(5, 3));
}

TEST(Bpe, ALongWordIsMergedLikeAShortOne) {
  const std::string model = bpe(R"(,"merges":["a b","ab c","c ab"])");
  std::string word;
  Ids expected;
  for (int i = 0; i < 100; ++i) {
    word += "abc";
    expected.push_back(5);
  }
  EXPECT_EQ(encode(model, word), expected);
}

TEST(Bpe, AWordThatIsATokenIsTakenAsItIsWhenMergesAreIgnored) {
  EXPECT_THAT(encode(bpe(R"(,"merges":[],"ignore_merges":true)"), "cab"), ElementsAre(10));
  EXPECT_THAT(encode(bpe(R"(,"merges":[])"), "cab"), ElementsAre(2, 0, 1));
}

TEST(Bpe, UnknownCharactersVanishBecomeTokensFuseOrFallBackToBytes) {
  EXPECT_THAT(encode(bpe(R"(,"merges":[])"), "axyb"), ElementsAre(0, 1));
  EXPECT_THAT(encode(bpe(R"(,"merges":[],"unk_token":"<unk>")"), "axyb"), ElementsAre(0, 6, 6, 1));
  EXPECT_THAT(encode(bpe(R"(,"merges":[],"unk_token":"<unk>","fuse_unk":true)"), "axyb"),
              ElementsAre(0, 6, 1));
  EXPECT_THAT(encode(bpe(R"(,"merges":[],"unk_token":"<unk>","byte_fallback":true)"), "a\u00e9x"),
              ElementsAre(0, 7, 8, 6));
  EXPECT_THAT(encode(bpe(R"(,"merges":[])"), ""), IsEmpty());
}

TEST(Bpe, AffixesMarkTheInsideAndTheEndOfWords) {
  const std::string model =
      R"({"type":"BPE","vocab":{"a":0,"##b":1,"##b</w>":2,"a</w>":3,"ab</w>":4},)"
      R"("continuing_subword_prefix":"##","end_of_word_suffix":"</w>","merges":["a ##b</w>"]})";
  EXPECT_THAT(encode(model, "a"), ElementsAre(3));
  EXPECT_THAT(encode(model, "ab"), ElementsAre(4));
  EXPECT_THAT(encode(model, "abb"), ElementsAre(0, 1, 2));
}

struct Refusal {
  std::string json;
  ErrorCode code = ErrorCode::parse;
  std::string message;
};

TEST(DamagedModel, IsRefusedWithTheReason) {
  const std::vector<Refusal> refusals = {
      {bpe(R"(,"merges":["a b"],"dropout":0.1)"), ErrorCode::unsupported, "dropout"},
      {bpe(R"(,"merges":["a z"])"), ErrorCode::parse, "\"z\" is not in model.vocab"},
      {bpe(R"(,"merges":["a b c"])"), ErrorCode::parse, "expected two tokens"},
      {bpe(""), ErrorCode::parse, "expected a list"},
      {bpe(R"(,"merges":[],"unk_token":"?")"), ErrorCode::parse, "\"?\" is not in model.vocab"},
      {R"({"type":"Unigram","vocab":[["a",1]]})", ErrorCode::unsupported, "unknown token"},
      {R"({"type":"Unigram","unk_id":1,"vocab":[["a",1]]})", ErrorCode::parse, "outside"},
      {R"({"type":"Unigram","unk_id":0,"vocab":[["a",1e999]]})", ErrorCode::parse,
       "not valid JSON"},
      {R"({"type":"Unigram","unk_id":0,"vocab":[["a"]]})", ErrorCode::parse, "score"}};
  for (const Refusal& refusal : refusals) {
    const auto tokenizer = Tokenizer::parse(R"({"model": )" + refusal.json + "}", "t.json");
    ASSERT_FALSE(tokenizer) << refusal.json;
    EXPECT_EQ(tokenizer.error().code, refusal.code) << refusal.json;
    EXPECT_THAT(tokenizer.error().message, HasSubstr(refusal.message));
  }
}

TEST(DamagedParts, AreRefusedWithWhatIsSupported) {
  const std::string model = R"("model": )" + bpe(R"(,"merges":[])") + "}";
  const auto parse = [&](const std::string& part) {
    return Tokenizer::parse("{" + part + "," + model, "t.json");
  };
  const auto script = parse(R"("pre_tokenizer":{"type":"UnicodeScripts"})");
  ASSERT_FALSE(script);
  EXPECT_EQ(script.error().code, ErrorCode::unsupported);
  EXPECT_THAT(to_string(script.error()), HasSubstr("Metaspace"));
  for (const std::string part :
       {R"("normalizer":{"type":"Precompiled","precompiled_charsmap":"AAA"})",
        R"("normalizer":{"type":"Precompiled","precompiled_charsmap":"////////"})",
        R"("normalizer":{"type":"Replace","pattern":{"Regex":"("},"content":""})",
        R"("normalizer":{"type":"Replace","pattern":{"String":""},"content":""})",
        R"("pre_tokenizer":{"type":"Metaspace","replacement":"ab"})",
        R"("pre_tokenizer":{"type":"Metaspace","replacement":"_","add_prefix_space":false,)"
        R"("prepend_scheme":"always"})"}) {
    EXPECT_FALSE(parse(part)) << part;
  }
}

}  // namespace
}  // namespace topograph
