// The hand-written scanners against ICU's reading of the same expressions.
#include "tokenize/known_patterns.hpp"

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/pattern.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

constexpr std::string_view qwen_expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view llama_expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

class KnownPatterns : public testing::TestWithParam<std::string_view> {
 protected:
  void expect_equal(std::string_view text) {
    decode_text(text, 0, text_);
    known_.find(text_, scratch_, found_);
    icu_.find(text_, scratch_, expected_);
    ASSERT_EQ(flat(found_), flat(expected_)) << text;
  }
  static std::vector<std::size_t> flat(const std::vector<CharacterRange>& ranges) {
    std::vector<std::size_t> out;
    for (const CharacterRange range : ranges) out.insert(out.end(), {range.begin, range.end});
    return out;
  }
  Pattern known_ = Pattern::regex(GetParam()).value();
  Pattern icu_ = Pattern::icu_regex(GetParam()).value();
  PatternScratch scratch_ = {};
  NormalizedText text_ = {};
  std::vector<CharacterRange> found_ = {};
  std::vector<CharacterRange> expected_ = {};
};

TEST_P(KnownPatterns, AreKnown) { EXPECT_TRUE(known_pattern(GetParam()).has_value()); }

TEST_P(KnownPatterns, AgreeWithIcuOnRandomTexts) {
  static constexpr std::array<std::string_view, 28> parts = {"a",          "B",
                                                             "'",          "'s",
                                                             "'LL",        "'Re",
                                                             "'\u017f",    " ",
                                                             "  ",         "\n",
                                                             "\r\n",       "\t",
                                                             "\u00a0",     "\u3000",
                                                             "1",          "23",
                                                             "\u00b2",     "\u0665",
                                                             "!",          "?!",
                                                             "-",          "\u00e9",
                                                             "e\u0301",    "\u4e2d",
                                                             "\U0001f984", "\u0939\u093f",
                                                             "l",          "v"};
  const RandomKey key = random_key(3, "known-patterns");
  for (std::uint64_t item = 0; item < 20000; ++item) {
    std::string text;
    const std::uint64_t n = uniform_below(key, item, 0, 12);
    for (std::uint64_t i = 1; i <= n; ++i) text += parts[uniform_below(key, item, i, parts.size())];
    ASSERT_NO_FATAL_FAILURE(expect_equal(text));
  }
}

TEST_P(KnownPatterns, AgreeWithIcuOnRealTexts) {
  std::size_t n = 0;
  for (const char* name : {"udhr_paragraphs.csv", "tweets_emoji.csv", "newsgroups20.csv"}) {
    std::ifstream file(std::filesystem::path(TG_SHARED_DATA) / name);
    std::string line;
    while (n % 30001 != 30000 && std::getline(file, line)) {
      ASSERT_NO_FATAL_FAILURE(expect_equal(line));
      ++n;
    }
    n += n % 30001 == 30000 ? 1U : 0U;
  }
  if (n == 0) GTEST_SKIP() << "skipped: no ../shared/data";
}

INSTANTIATE_TEST_SUITE_P(All, KnownPatterns,
                         testing::Values(gpt2_expression, qwen_expression, llama_expression),
                         [](const auto& one) { return "Number" + std::to_string(one.index); });

}  // namespace
}  // namespace topograph::detail
