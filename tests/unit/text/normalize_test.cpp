#include "topograph/text/normalize.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(Normalize, ComposesDecomposedLetters) {
  EXPECT_EQ(to_nfc("e\u0301"), "\u00e9");
  EXPECT_EQ(to_nfc("\u1100\u1161"), "\uac00");  // Hangul jamo to a syllable.
}

TEST(Normalize, ReordersCombiningMarks) {
  EXPECT_EQ(to_nfc("a\u0301\u0323"), to_nfc("a\u0323\u0301"));
}

TEST(Normalize, KeepsNormalTextAsItIs) {
  for (const std::string text : {"", "plain ASCII", "na\u00efve", "\u4e2d\u6587", "\U0001F600"}) {
    EXPECT_EQ(to_nfc(text), text);
  }
}

TEST(Normalize, BlankTextHasOnlySpaceAndInvisibleCharacters) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\n"));
  EXPECT_TRUE(is_blank("\u00a0\u3000\u200b\ufeff\u200d\u2028"));
  EXPECT_FALSE(is_blank(" . "));
  EXPECT_FALSE(is_blank("\u200b\u0e01"));
  EXPECT_FALSE(is_blank("\U0001F600"));
}

TEST(Normalize, DuplicateKeyFoldsSpaceAndForm) {
  EXPECT_EQ(duplicate_key("  a \t\n b\u00a0\u3000c  "), "a b c");
  EXPECT_EQ(duplicate_key("e\u0301"), duplicate_key(" \u00e9 "));
  EXPECT_EQ(duplicate_key(" \n "), "");
  EXPECT_NE(duplicate_key("A"), duplicate_key("a"));
}

TEST(Normalize, LowerCaseFollowsTheLocale) {
  EXPECT_EQ(to_lower("TITLE", "en"), "title");
  EXPECT_EQ(to_lower("TITLE", ""), "title");
  EXPECT_EQ(to_lower("TITLE", "tr"), "t\u0131tle");
  EXPECT_EQ(to_lower("\u0130", "tr"), "i");
  EXPECT_EQ(to_lower("STRASSE \u00c4\u1e9e", "de"), "strasse \u00e4\u00df");
  EXPECT_EQ(to_lower("\u039f\u0394\u039f\u03a3", "el"), "\u03bf\u03b4\u03bf\u03c2");
}

TEST(Normalize, LowerCaseIsInNormalForm) {
  // The full lower case of U+0130 outside Turkish is i + U+0307.
  EXPECT_EQ(to_lower("\u0130", "en"), "i\u0307");
  EXPECT_EQ(to_lower("E\u0301", "en"), "\u00e9");
}

}  // namespace
}  // namespace topograph
