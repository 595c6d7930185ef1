// Every model family: threads, broken bytes, cuts, order of texts.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace {

using nlohmann::json;

const json& golden() {
  static const json document = [] {
    std::ifstream file(std::string(TG_TEST_DATA) + "/tokenize/families.json");
    return json::parse(file);
  }();
  return document;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const auto& [name, family] : golden()["families"].items()) names.push_back(name);
  return names;
}

/// Fresh, with its caches of words still empty.
Tokenizer make(const std::string& name) {
  const json& family = golden()["families"][name];
  json document = family["tokenizer"];
  const json& parts = golden()["vocabularies"][family["vocabulary"].get<std::string>()];
  document["model"]["vocab"] = parts[0];
  if (!parts[1].is_null()) document["model"]["merges"] = parts[1];
  auto tokenizer = Tokenizer::parse(document.dump(), name);
  EXPECT_TRUE(tokenizer) << (tokenizer ? "" : to_string(tokenizer.error()));
  return *std::move(tokenizer);
}

/// Texts of the golden cases with random pieces of others behind them, so that words repeat, are
/// new, and are long; every third one has random bytes in it.
TextColumn many_texts(const std::string& name, std::uint64_t n_texts) {
  const RandomKey key = random_key(17, "tokenizer-families");
  const json& cases = golden()["families"][name]["cases"];
  TextColumn texts;
  for (std::uint64_t item = 0; item < n_texts; ++item) {
    std::uint64_t counter = 0;
    const auto draw = [&](std::uint64_t n) { return uniform_below(key, item, counter++, n); };
    std::string text;
    for (std::uint64_t part = draw(4); part-- > 0;) {
      const auto other = cases[draw(cases.size())][0].get<std::string>();
      const std::uint64_t begin = draw(other.size() + 1);
      text += other.substr(begin, draw(60));  // may begin and end inside a character
    }
    for (std::uint64_t n = item % 3 == 0 ? draw(20) : 0; n-- > 0;) {
      text.insert(text.begin() + static_cast<std::ptrdiff_t>(draw(text.size() + 1)),
                  static_cast<char>(draw(256)));
    }
    texts.push_back(text);
  }
  return texts;
}

class TokenizerFamily : public testing::TestWithParam<std::string> {};

TEST_P(TokenizerFamily, AnyNumberOfThreadsGivesTheSameBits) {
  const TextColumn texts = many_texts(GetParam(), 1500);
  const Tokenizer::EncodeOptions options = {.max_length = 24};
  std::vector<std::int32_t> ids;
  const Tokenizer reference = make(GetParam());
  for (std::size_t i = 0; i < texts.size(); ++i) reference.encode(texts[i], options, ids);
  for (const int threads : {1, 2, 3, 7}) {
    const Tokenizer tokenizer = make(GetParam());
    RunContext run({.threads = threads});
    const auto batch = tokenizer.encode_all(texts, options, run);
    ASSERT_TRUE(batch) << to_string(batch.error());
    EXPECT_EQ(batch->ids, ids) << threads << " threads";
  }
}

TEST_P(TokenizerFamily, ATextHasTheSameIdsWhateverCameBefore) {
  const TextColumn texts = many_texts(GetParam(), 300);
  const Tokenizer used = make(GetParam());
  std::vector<std::int32_t> ignored;
  for (std::size_t i = texts.size(); i-- > 0;) used.encode(texts[i], {}, ignored);
  const Tokenizer fresh = make(GetParam());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<std::int32_t> expected;
    std::vector<std::int32_t> ids;
    fresh.encode(texts[i], {}, expected);
    used.encode(texts[i], {}, ids);
    ASSERT_EQ(ids, expected) << "item " << i;
  }
}

TEST_P(TokenizerFamily, BrokenUtf8IsHarmlessAndKeepsIdsInTheVocabulary) {
  const Tokenizer tokenizer = make(GetParam());
  const RandomKey key = random_key(11, "tokenizer-bytes");
  TextColumn texts = many_texts(GetParam(), 1000);
  for (std::uint64_t item = 0; item < 1000; ++item) {
    std::string bytes(uniform_below(key, item, 0, 64), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(uniform_below(key, item, i + 1, 256));
    }
    texts.push_back(bytes);
  }
  const auto n_ids = static_cast<std::int32_t>(tokenizer.vocabulary_size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<std::int32_t> ids;
    std::vector<TokenOffsets> offsets;
    tokenizer.encode(texts[i], {}, ids, &offsets);
    ASSERT_EQ(ids.size(), offsets.size());
    for (const TokenOffsets& at : offsets) {
      ASSERT_LE(at.begin, at.end) << "item " << i;
      ASSERT_LE(at.end, texts[i].size()) << "item " << i;
    }
    for (const std::int32_t id : ids) {
      ASSERT_GE(id, 0) << "item " << i;
      ASSERT_LT(id, n_ids) << "item " << i;
    }
  }
}

TEST_P(TokenizerFamily, ACutTextIsTheBeginningOfTheWholeOne) {
  const Tokenizer tokenizer = make(GetParam());
  const TextColumn texts = many_texts(GetParam(), 200);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<std::int32_t> whole;
    tokenizer.encode(texts[i], {.add_special_tokens = false}, whole);
    for (std::size_t max_length = 1; max_length < 12; ++max_length) {
      std::vector<std::int32_t> ids;
      const bool was_cut =
          tokenizer.encode(texts[i], {.add_special_tokens = false, .max_length = max_length}, ids);
      ASSERT_EQ(was_cut, whole.size() > max_length);
      ASSERT_EQ(ids.size(), std::min(whole.size(), max_length));
      ASSERT_TRUE(std::equal(ids.begin(), ids.end(), whole.begin())) << "item " << i;
    }
  }
}

TEST_P(TokenizerFamily, DamagedJsonIsAnErrorOrATokenizerButNeverACrash) {
  const json& family = golden()["families"][GetParam()];
  json document = family["tokenizer"];
  const json& parts = golden()["vocabularies"][family["vocabulary"].get<std::string>()];
  document["model"]["vocab"] = parts[0];
  if (!parts[1].is_null()) document["model"]["merges"] = parts[1];
  const std::string good = document.dump();
  const RandomKey key = random_key(13, "tokenizer-json");
  for (std::uint64_t item = 0; item < 60; ++item) {
    std::string bytes = good;
    for (std::uint64_t i = 0; i < 3; ++i) {
      bytes[uniform_below(key, item, 2 * i, bytes.size())] =
          static_cast<char>(uniform_below(key, item, 2 * i + 1, 128));
    }
    if (item % 2 == 0) bytes.resize(uniform_below(key, item, 9, bytes.size()));
    const auto tokenizer = Tokenizer::parse(bytes, "damaged.json");
    if (!tokenizer) {
      EXPECT_EQ(tokenizer.error().subject, Subject::model);
      EXPECT_FALSE(tokenizer.error().message.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TokenizerFamily, testing::ValuesIn(family_names()),
                         [](const auto& family) {
                           std::string name = family.param;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace topograph
