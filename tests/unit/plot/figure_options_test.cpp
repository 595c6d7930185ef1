#include "topograph/plot/figure_options.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(FigureSize, ReadsEveryUnit) {
  const auto width = [](const char* text) { return figure_size(text, {1, 1})->width; };
  EXPECT_DOUBLE_EQ(width("7x5"), 504);
  EXPECT_DOUBLE_EQ(width("7x5in"), 504);
  EXPECT_DOUBLE_EQ(width("2.54x5cm"), 72);
  EXPECT_DOUBLE_EQ(width("25.4x50mm"), 72);
  EXPECT_DOUBLE_EQ(width("96x96px"), 72);
  EXPECT_DOUBLE_EQ(width("100x100pt"), 100);
  EXPECT_DOUBLE_EQ(width(""), 1);
}

TEST(FigureSize, RefusesWhatIsNoSize) {
  for (const char* bad : {"7", "x", "7x", "x5", "7x5furlong", "7 x 5", "nanx5", "-7x5", "0x0"}) {
    EXPECT_FALSE(figure_size(bad, {1, 1})) << bad;
  }
}

TEST(FigureSize, TellsThatPixelsNeedTheirUnit) {
  const auto size = figure_size("1200x750", {1, 1});
  ASSERT_FALSE(size);
  EXPECT_NE(size.error().hint.find("1200x750px"), std::string::npos);
}

}  // namespace
}  // namespace topograph
