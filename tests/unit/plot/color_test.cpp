#include "topograph/plot/color.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace topograph {
namespace {

TEST(Color, OklabOfKnownColors) {
  const Oklab white = to_oklab({255, 255, 255});
  EXPECT_NEAR(white.lightness, 1, 1e-4);
  EXPECT_NEAR(white.a, 0, 1e-4);
  const Oklab red = to_oklab({255, 0, 0});  // check values of the paper's reference code
  EXPECT_NEAR(red.lightness, 0.62796, 1e-4);
  EXPECT_NEAR(red.a, 0.22486, 1e-4);
  EXPECT_NEAR(red.b, 0.12585, 1e-4);
}

TEST(Color, ComesBackFromOklab) {
  for (int value = 0; value < 256; value += 15) {
    const auto byte = static_cast<std::uint8_t>(value);
    const Color color{byte, static_cast<std::uint8_t>(255 - value), 128};
    EXPECT_EQ(from_oklab(to_oklab(color)), color);
  }
}

TEST(Color, LosesChromaRatherThanHueOutsideOfTheGamut) {
  const Color color = from_oklch(0.7, 0.37, 150);
  EXPECT_NEAR(to_oklab(color).lightness, 0.7, 0.01);
  const Oklab lab = to_oklab(color);
  EXPECT_NEAR(std::atan2(lab.b, lab.a) * 180 / 3.14159265, 150, 2);
}

TEST(Color, ContrastOfBlackAndWhiteIs21) {
  EXPECT_NEAR(contrast_ratio({0, 0, 0}, {255, 255, 255}), 21, 1e-9);
}

TEST(Color, GreysLookTheSameToEveryEye) {
  for (const auto vision :
       {ColorVision::protanopia, ColorVision::deuteranopia, ColorVision::tritanopia}) {
    const Color seen = simulate({120, 120, 120}, vision);
    EXPECT_LT(color_distance(seen, {120, 120, 120}), 0.01);
  }
}

TEST(Color, ReadsShortAndLongHexAndRefusesOthers) {
  EXPECT_EQ(*parse_color("#0072b2"), (Color{0, 0x72, 0xb2}));
  EXPECT_EQ(*parse_color("#fff"), (Color{255, 255, 255}));
  EXPECT_EQ(hex_text({0, 0x72, 0xb2}), "#0072b2");
  for (const char* bad : {"", "#", "#12345", "#12345g", "0072b2", "red"}) {
    const auto color = parse_color(bad);
    ASSERT_FALSE(color) << bad;
    EXPECT_EQ(color.error().subject, Subject::option);
  }
}

}  // namespace
}  // namespace topograph
