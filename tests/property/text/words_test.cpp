#include "topograph/text/words.hpp"

#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/uchar.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace topograph {
namespace {

// The words of a line by ICU alone, without our cuts and the ASCII path; emoji are not compared.
std::vector<std::string> icu_words(icu::BreakIterator& iterator, const std::string& line) {
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(line);
  iterator.setText(units);
  std::vector<std::string> words;
  std::int32_t begin = iterator.first();
  for (std::int32_t end = iterator.next(); end != icu::BreakIterator::DONE;
       begin = end, end = iterator.next()) {
    bool has_content = false;
    for (std::int32_t at = begin; at < end; at = units.moveIndex32(at, 1)) {
      const UChar32 c = units.char32At(at);
      has_content |= u_isalnum(c) || u_charType(c) == U_LETTER_NUMBER;
    }
    if (!has_content) continue;
    std::string word;
    units.tempSubStringBetween(begin, end).toUTF8String(word);
    words.push_back(word);
  }
  return words;
}

bool has_content(const std::string& word) {
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(word);
  for (std::int32_t at = 0; at < units.length(); at = units.moveIndex32(at, 1)) {
    const UChar32 c = units.char32At(at);
    if (u_isalnum(c) || u_charType(c) == U_LETTER_NUMBER) return true;
  }
  return false;
}

class RealText : public ::testing::TestWithParam<const char*> {};

TEST_P(RealText, SplitsAsIcuDoes) {
  const std::filesystem::path path = std::filesystem::path(TG_SHARED_DATA) / GetParam();
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared/data";
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createWordInstance(icu::Locale("en"), status));
  ASSERT_TRUE(U_SUCCESS(status));
  WordSplitter splitter("en");
  std::vector<TokenSpan> spans;
  std::ifstream file(path);
  std::size_t n_words = 0;
  for (std::string line; std::getline(file, line);) {
    splitter.split(line, spans);
    std::vector<std::string> words;
    for (const TokenSpan& span : spans) {
      std::string word = line.substr(span.begin, span.end - span.begin);
      if (has_content(word)) words.push_back(std::move(word));
    }
    ASSERT_EQ(words, icu_words(*iterator, line)) << line;
    n_words += words.size();
  }
  EXPECT_GT(n_words, 100000U);
}

INSTANTIATE_TEST_SUITE_P(Corpora, RealText,
                         ::testing::Values("ud_pud.csv", "udhr_paragraphs.csv",
                                           "reddit_techfin5.csv"));

}  // namespace
}  // namespace topograph
