#include "topograph/text/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/uchar.h>

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> words_of(const std::string& text, const std::string& locale = "") {
  WordSplitter splitter(locale);
  std::vector<TokenSpan> spans;
  splitter.split(text, spans);
  std::vector<std::string> words;
  for (const TokenSpan& span : spans)
    words.push_back(text.substr(span.begin, span.end - span.begin));
  return words;
}

TEST(Words, LeavesPunctuationAndSymbolsOut) {
  EXPECT_THAT(words_of("Hello, world! (a-b) -- $5 + c++"),
              ElementsAre("Hello", "world", "a", "b", "5", "c"));
  EXPECT_THAT(words_of(""), IsEmpty());
  EXPECT_THAT(words_of(" \u2014 \u201c\u201d ... @ __ \u00a9 \u2192"), IsEmpty());
}

TEST(Words, KeepsInnerApostrophesAndNumbers) {
  EXPECT_THAT(words_of("don't 'quoted' rock'n'roll"),
              ElementsAre("don't", "quoted", "rock'n'roll"));
  EXPECT_THAT(words_of("don\u2019t"), ElementsAre("don\u2019t"));
  EXPECT_THAT(words_of("Python 3.11, 1,000,000 items; v2."),
              ElementsAre("Python", "3.11", "1,000,000", "items", "v2"));
  EXPECT_THAT(words_of("snake_case __init__ a_1"), ElementsAre("snake_case", "__init__", "a_1"));
}

TEST(Words, SplitsAccentedAndCompoundWords) {
  EXPECT_THAT(words_of("Die Stra\u00dfenbahn f\u00e4hrt \u2013 \u00fcber M\u00fcnchen."),
              ElementsAre("Die", "Stra\u00dfenbahn", "f\u00e4hrt", "\u00fcber", "M\u00fcnchen"));
  EXPECT_THAT(words_of("cafe\u0301 noir"), ElementsAre("cafe\u0301", "noir"));
}

TEST(Words, UsesDictionariesForScriptsWithoutSpaces) {
  EXPECT_THAT(words_of("\u6211\u4eec\u559c\u6b22\u5317\u4eac\u3002"),
              ElementsAre("\u6211\u4eec", "\u559c\u6b22", "\u5317\u4eac"));
  EXPECT_THAT(
      words_of("\u0e09\u0e31\u0e19\u0e23\u0e31\u0e01\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22"),
      ElementsAre("\u0e09\u0e31\u0e19", "\u0e23\u0e31\u0e01", "\u0e20\u0e32\u0e29\u0e32",
                  "\u0e44\u0e17\u0e22"));
  EXPECT_THAT(words_of("\u6771\u4eac\u306b\u884c\u304f"),
              ElementsAre("\u6771\u4eac", "\u306b", "\u884c\u304f"));
}

TEST(Words, KeepsEmojiWhole) {
  // Woman technologist (ZWJ), a flag, a skin tone, a heart with and without variation selector.
  EXPECT_THAT(
      words_of("hi \U0001F469\u200d\U0001F4BB\U0001F600 \U0001F1E9\U0001F1EA\U0001F44D\U0001F3FD "
               "\u2764\ufe0f \u2764"),
      ElementsAre("hi", "\U0001F469\u200d\U0001F4BB", "\U0001F600", "\U0001F1E9\U0001F1EA",
                  "\U0001F44D\U0001F3FD", "\u2764\ufe0f", "\u2764"));
  EXPECT_THAT(words_of("so funny\U0001F602\U0001F602"),
              ElementsAre("so", "funny", "\U0001F602", "\U0001F602"));
}

TEST(Words, JoinsAtAColonOnlyWhereTheLocaleDoes) {
  EXPECT_THAT(words_of("EU:n", "fi"), ElementsAre("EU:n"));
  EXPECT_THAT(words_of("EU:n", "en"), ElementsAre("EU", "n"));
}

// What the ASCII path must reproduce: ICU's segments that hold a letter or a digit.
std::vector<TokenSpan> icu_spans(icu::BreakIterator& iterator, const std::string& text) {
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
  iterator.setText(units);
  std::vector<TokenSpan> spans;
  std::int32_t begin = iterator.first();
  for (std::int32_t end = iterator.next(); end != icu::BreakIterator::DONE;
       begin = end, end = iterator.next()) {
    bool has_content = false;
    for (std::int32_t at = begin; at < end; ++at) has_content |= u_isalnum(units.charAt(at)) != 0;
    if (has_content) {
      spans.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), -1});
    }
  }
  return spans;
}

TEST(Words, AsciiPathAgreesWithIcuOnEveryShortString) {
  const std::string alphabet = "aB1_@'.,;: -\n";
  for (const char* locale : {"", "en", "sv", "tr", "ja", "el"}) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> iterator(
        icu::BreakIterator::createWordInstance(icu::Locale(locale), status));
    ASSERT_TRUE(U_SUCCESS(status));
    WordSplitter splitter(locale);
    std::vector<TokenSpan> spans;
    const std::size_t n = alphabet.size();
    for (std::size_t code = 0; code < n * n * n * n; ++code) {
      std::string text = "a";
      for (std::size_t rest = code, i = 0; i < 4; ++i, rest /= n) text += alphabet[rest % n];
      splitter.split(text, spans);
      ASSERT_EQ(spans, icu_spans(*iterator, text)) << locale << ": " << text;
    }
  }
}

TEST(Words, CuttingAtSpacesAgreesWithIcuOnMixedText) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createWordInstance(icu::Locale("en"), status));
  ASSERT_TRUE(U_SUCCESS(status));
  const std::string text =
      "It\u2019s na\u00efve, isn't it? \u4e2d\u6587 words \u0e44\u0e17\u0e22 3.11\u00a0x \u00e9 a. "
      "b\u2014c "
      "\u0645\u0631\u062d\u0628\u0627 \ud55c\uad6d\uc5b4 end";
  WordSplitter splitter("en");
  std::vector<TokenSpan> spans;
  splitter.split(text, spans);
  std::vector<std::string> found;
  for (const TokenSpan& span : spans)
    found.push_back(text.substr(span.begin, span.end - span.begin));

  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
  std::vector<std::string> expected;
  for (const TokenSpan& span : icu_spans(*iterator, text)) {
    std::string word;
    units
        .tempSubStringBetween(static_cast<std::int32_t>(span.begin),
                              static_cast<std::int32_t>(span.end))
        .toUTF8String(word);
    expected.push_back(word);
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace topograph
