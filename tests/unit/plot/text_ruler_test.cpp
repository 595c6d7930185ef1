#include "topograph/plot/text_ruler.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

using testing::EndsWith;
using testing::SizeIs;

TextRuler ruler() { return TextRuler("DejaVu Sans"); }

TEST(TextRuler, WidthGrowsWithTextAndSize) {
  TextRuler r = ruler();
  const double one = r.measure("map", {.size = 10}).width;
  EXPECT_GT(one, 5);
  EXPECT_NEAR(r.measure("map", {.size = 20}).width, 2 * one, 0.05);
  EXPECT_GT(r.measure("map map", {.size = 10}).width, 2 * one);
  EXPECT_DOUBLE_EQ(r.measure("", {.size = 10}).width, 0);
}

TEST(TextRuler, KnowsTheDirection) {
  TextRuler r = ruler();
  EXPECT_TRUE(r.measure("שלום world", {}).is_right_to_left);
  EXPECT_FALSE(r.measure("world שלום", {}).is_right_to_left);
  EXPECT_FALSE(r.measure("123", {}).is_right_to_left);
}

TEST(TextRuler, WrapsIntoLinesThatFit) {
  TextRuler r = ruler();
  const auto lines = r.wrap("many small words in one label", {.size = 10}, 60, 10);
  EXPECT_GT(lines.size(), 2U);
  std::string joined;
  for (const std::string& line : lines) {
    EXPECT_LE(r.measure(line, {.size = 10}).width, 60.01);
    joined += (joined.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(joined, "many small words in one label");
}

TEST(TextRuler, LastLineTellsThatMoreFollows) {
  TextRuler r = ruler();
  const auto lines = r.wrap("many small words in one label", {.size = 10}, 60, 2);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[1], EndsWith("…"));
  EXPECT_LE(r.measure(lines[1], {.size = 10}).width, 60.01);
}

TEST(TextRuler, ShortenKeepsWhatFits) {
  TextRuler r = ruler();
  EXPECT_EQ(r.shorten("short", {.size = 10}, 200), "short");
  const std::string cut = r.shorten("a considerably longer text", {.size = 10}, 60);
  EXPECT_THAT(cut, EndsWith("…"));
  EXPECT_LE(r.measure(cut, {.size = 10}).width, 60);
  EXPECT_GT(r.measure(cut, {.size = 10}).width, 30);
}

TEST(TextRuler, InkCoversTheLettersOnly) {
  TextRuler r = ruler();
  const InkMask mask = r.ink("i", {.size = 60});
  std::size_t covered = 0;
  for (const auto pixel : mask.pixels) covered += pixel;
  EXPECT_GT(covered, 100U);
  EXPECT_GT(mask.height, 40U);
  EXPECT_LT(mask.width, 20U);
  EXPECT_TRUE(r.ink(" ", {.size = 60}).pixels.empty());
}

TEST(CleanLine, MakesOneLineOfAnyText) {
  EXPECT_EQ(clean_line(" a\tb\r\n\r\nc\x01 d "), "a b c d");
  EXPECT_EQ(clean_line("a\u202Eb\u2066c\uFEFF"), "abc");
  EXPECT_EQ(clean_line("\u2028\u0085"), "");
  EXPECT_EQ(clean_line("bad \xff byte"), "bad \uFFFD byte");
}

TEST(CleanLine, CutsLongTextsWithoutTearingClusters) {
  EXPECT_EQ(clean_line("abcdef", 4), "abcd…");
  EXPECT_EQ(clean_line("abcd", 4), "abcd");
  EXPECT_EQ(clean_line("abce\u0301f", 4), "abce\u0301…");
  const std::string family = "👨\u200D👩\u200D👧";
  EXPECT_EQ(clean_line("ab" + family + "cd", 4), "ab" + family + "…");
}

TEST(CleanLine, AMegabyteOfJoinedMarksStaysShort) {
  std::string text = "x";
  for (int i = 0; i < 500'000; ++i) text += "\u0301";
  EXPECT_LT(clean_line(text, 40).size(), 400U);
}

}  // namespace
}  // namespace topograph
