#include "topograph/tokenize/tokenizer.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using nlohmann::json;

json wordpiece_json() {
  std::ifstream file(std::string(TG_TEST_DATA) + "/tokenize/wordpiece.json");
  return json::parse(file);
}

Tokenizer make(const json& document) {
  auto tokenizer = Tokenizer::parse(document.dump(), "wordpiece.json");
  EXPECT_TRUE(tokenizer) << (tokenizer ? "" : to_string(tokenizer.error()));
  return *std::move(tokenizer);
}

void append_utf8(std::uint64_t c, std::string& out) {
  const auto put = [&out](std::uint64_t bits) { out.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

/// Random valid UTF-8: ASCII, letters with marks, every plane, words of the vocabulary, special
/// tokens.
std::string random_text(std::uint64_t item) {
  const RandomKey key = random_key(7, "tokenizer-property");
  std::uint64_t counter = 0;
  const auto draw = [&](std::uint64_t n) { return uniform_below(key, item, counter++, n); };
  static constexpr std::array<std::string_view, 8> pieces = {
      "human", "walking", "[MASK]", "[SEP]", " ", "\xCC\xA3", "e\xCC\x81", "\xE4\xBA\xBA"};
  std::string text;
  const std::uint64_t length = draw(40);
  for (std::uint64_t i = 0; i < length; ++i) {
    switch (draw(6)) {
      case 0: append_utf8(draw(0x80), text); break;
      case 1: append_utf8(0x20 + draw(0x2E0), text); break;
      case 2: append_utf8(0x300 + draw(0x70), text); break;
      case 3: append_utf8(draw(0xD800), text); break;
      case 4: append_utf8(0xE000 + draw(0x102000), text); break;
      default: text += pieces[draw(pieces.size())];
    }
  }
  return text;
}

TEST(TokenizerProperty, TheOnePassWayEqualsTheGeneralWay) {
  for (const json& options :
       {json{{"lowercase", true}}, json{{"lowercase", false}}, json{{"strip_accents", false}},
        json{{"clean_text", false}}, json{{"handle_chinese_chars", false}}}) {
    json document = wordpiece_json();
    document["normalizer"].merge_patch(options);
    const Tokenizer one_pass = make(document);
    // A sequence of one normalizer means the same and is always taken step by step.
    document["normalizer"] = {{"type", "Sequence"}, {"normalizers", {document["normalizer"]}}};
    const Tokenizer general = make(document);
    for (std::uint64_t item = 0; item < 2000; ++item) {
      const std::string text = random_text(item);
      std::vector<std::int32_t> expected_ids;
      std::vector<TokenOffsets> expected_offsets;
      general.encode(text, {}, expected_ids, &expected_offsets);
      std::vector<std::int32_t> ids;
      std::vector<TokenOffsets> offsets;
      one_pass.encode(text, {}, ids, &offsets);
      ASSERT_EQ(ids, expected_ids) << "item " << item << " of " << options;
      ASSERT_EQ(offsets, expected_offsets) << "item " << item << " of " << options;
    }
  }
}

TEST(TokenizerProperty, OffsetsAreOrderedAndInsideTheText) {
  const Tokenizer tokenizer = make(wordpiece_json());
  for (std::uint64_t item = 0; item < 2000; ++item) {
    const std::string text = random_text(item);
    std::vector<std::int32_t> ids;
    std::vector<TokenOffsets> offsets;
    tokenizer.encode(text, {.add_special_tokens = false}, ids, &offsets);
    ASSERT_EQ(offsets.size(), ids.size());
    std::uint32_t last = 0;
    for (const TokenOffsets& at : offsets) {
      ASSERT_LE(last, at.begin) << "item " << item;
      ASSERT_LT(at.begin, at.end) << "item " << item;
      last = at.begin;
    }
    ASSERT_TRUE(offsets.empty() || offsets.back().end <= text.size());
  }
}

TEST(TokenizerProperty, ACutTextIsTheBeginningOfTheWholeOne) {
  const Tokenizer tokenizer = make(wordpiece_json());
  for (std::uint64_t item = 0; item < 500; ++item) {
    const std::string text = random_text(item);
    std::vector<std::int32_t> whole;
    tokenizer.encode(text, {.add_special_tokens = false}, whole);
    for (std::size_t max_length = 1; max_length < 12; ++max_length) {
      std::vector<std::int32_t> ids;
      const bool was_cut =
          tokenizer.encode(text, {.add_special_tokens = false, .max_length = max_length}, ids);
      ASSERT_EQ(was_cut, whole.size() > max_length);
      ASSERT_EQ(ids.size(), std::min(whole.size(), max_length));
      ASSERT_TRUE(std::equal(ids.begin(), ids.end(), whole.begin()));
    }
  }
}

TEST(TokenizerProperty, AnyNumberOfThreadsGivesTheSameBits) {
  TextColumn texts;
  for (std::uint64_t item = 0; item < 3000; ++item) texts.push_back(random_text(item));
  const Tokenizer::EncodeOptions options = {.max_length = 16};
  std::vector<std::int32_t> ids;
  const Tokenizer reference = make(wordpiece_json());
  for (std::size_t i = 0; i < texts.size(); ++i) reference.encode(texts[i], options, ids);
  for (const int threads : {1, 2, 3, 7}) {
    const Tokenizer tokenizer = make(wordpiece_json());  // with its tables still to be filled
    RunContext run({.threads = threads});
    const auto batch = tokenizer.encode_all(texts, options, run);
    ASSERT_TRUE(batch) << to_string(batch.error());
    EXPECT_EQ(batch->ids, ids) << threads << " threads";
  }
}

TEST(TokenizerProperty, BrokenUtf8IsHarmless) {
  const Tokenizer tokenizer = make(wordpiece_json());
  const RandomKey key = random_key(11, "tokenizer-bytes");
  for (std::uint64_t item = 0; item < 2000; ++item) {
    std::string bytes(uniform_below(key, item, 0, 64), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(uniform_below(key, item, i + 1, 256));
    }
    std::vector<std::int32_t> ids;
    std::vector<TokenOffsets> offsets;
    tokenizer.encode(bytes, {}, ids, &offsets);
    ASSERT_EQ(ids.size(), offsets.size());
    for (const TokenOffsets& at : offsets) ASSERT_LE(at.end, bytes.size());
  }
}

TEST(TokenizerProperty, DamagedJsonIsAnErrorOrATokenizerButNeverACrash) {
  const std::string good = wordpiece_json().dump();
  const RandomKey key = random_key(13, "tokenizer-json");
  for (std::uint64_t item = 0; item < 300; ++item) {
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

TEST(TokenizerProperty, AStoppedRunIsCancelled) {
  const Tokenizer tokenizer = make(wordpiece_json());
  TextColumn texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("All human beings are born free");
  std::stop_source source;
  source.request_stop();
  RunContext run({.threads = 2, .stop = source.get_token()});
  const auto batch = tokenizer.encode_all(texts, {}, run);
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph
