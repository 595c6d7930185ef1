#include "topograph/plot/palette.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace topograph {
namespace {

std::vector<Point> ring(std::size_t n) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    points.push_back({std::cos(angle), std::sin(angle)});
  }
  return points;
}

TEST(Palette, ListsWrapWithAnotherShade) {
  const auto palette = Palette::parse({.palette = "okabe_ito"});
  ASSERT_TRUE(palette);
  EXPECT_EQ(palette->category(0, 30), (Color{0x00, 0x72, 0xB2}));
  for (std::size_t i = 0; i < 24; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_GT(color_distance(palette->category(i, 24), palette->category(j, 24)), 0.02)
          << i << " " << j;
    }
  }
}

TEST(Palette, RampsOfAmountsGetDarkerOnWhite) {
  const auto palette = Palette::parse({.palette = "blues"});
  double last = 2;
  for (int i = 0; i <= 20; ++i) {
    const double lightness = to_oklab(palette->amount(i / 20.0)).lightness;
    EXPECT_LT(lightness, last);
    last = lightness;
  }
}

TEST(Palette, TakesColorsOfTheUser) {
  const auto palette = Palette::parse({.palette = "#ff0000, #00ff00"});
  ASSERT_TRUE(palette);
  EXPECT_EQ(palette->category(1, 2), (Color{0, 255, 0}));
  EXPECT_EQ(palette->amount(0), (Color{255, 0, 0}));
}

TEST(Palette, UnknownNamesAreRefusedWithTheKnownOnes) {
  const auto palette = Palette::parse({.palette = "rainbow"});
  ASSERT_FALSE(palette);
  EXPECT_NE(palette.error().message.find("viridis"), std::string::npos);
}

TEST(ColorsByPosition, NeighborsOnARingDifferForEveryEye) {
  for (const FigureTheme theme : {FigureTheme::light, FigureTheme::dark}) {
    const auto colors = colors_by_position(ring(12), theme);
    for (const auto vision : {ColorVision::usual, ColorVision::protanopia,
                              ColorVision::deuteranopia, ColorVision::tritanopia}) {
      for (std::size_t i = 0; i < colors.size(); ++i) {
        const Color a = simulate(colors[i], vision);
        const Color b = simulate(colors[(i + 1) % colors.size()], vision);
        EXPECT_GT(color_distance(a, b), 0.04) << i << " vision " << static_cast<int>(vision);
      }
    }
  }
}

TEST(ColorsByPosition, RedAndGreenSidesDifferInLightness) {
  const auto colors = colors_by_position(ring(36), FigureTheme::light);
  const double red = to_oklab(colors[2]).lightness;     // hue 20 degrees
  const double green = to_oklab(colors[14]).lightness;  // hue 140 degrees
  EXPECT_GT(green - red, 0.05);
}

TEST(ColorsByPosition, FollowThePlaceAndNotTheScale) {
  auto points = ring(9);
  const auto before = colors_by_position(points, FigureTheme::light);
  for (Point& p : points) p = {p.x * 1000 + 5, p.y * 1000 - 3};
  const auto after = colors_by_position(points, FigureTheme::light);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_LT(color_distance(before[i], after[i]), 0.02);
  }
}

TEST(Readable, HasTheContrastOfText) {
  for (const FigureTheme theme : {FigureTheme::light, FigureTheme::dark}) {
    const ThemeColors colors = theme_colors(theme);
    EXPECT_GE(contrast_ratio(colors.ink, colors.background), 7);
    EXPECT_GE(contrast_ratio(colors.muted, colors.background), 4.5);
    for (const Color color : colors_by_position(ring(60), theme)) {
      EXPECT_GE(contrast_ratio(readable(color, colors), colors.background), 4.5);
    }
  }
}

}  // namespace
}  // namespace topograph
