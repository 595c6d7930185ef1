#include "topograph/plot/render.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Scene scene_with(std::string text) {
  Scene scene{.width = 100, .height = 60, .font = "DejaVu Sans", .title = "t"};
  scene.marks.emplace_back(DotsMark{.centers = {{10, 10}, {20, 20}, {30, 30}},
                                    .color_ids = {0, 1, 0},
                                    .colors = {{255, 0, 0, 0.5}, {0, 0, 255, 1}},
                                    .radius = 2});
  scene.marks.emplace_back(TextMark{
      .text = std::move(text), .style = {.size = 10}, .left = {5, 50}, .width = 40, .color = {}});
  return scene;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

TEST(Render, FormatFollowsTheExtension) {
  EXPECT_EQ(*figure_format("a/b.SVG"), FigureFormat::svg);
  EXPECT_EQ(*figure_format("b.pdf"), FigureFormat::pdf);
  const auto unknown = figure_format("b.jpg");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("b.jpg"));
}

TEST(Render, SvgKeepsTextAsEscapedText) {
  const auto svg = render(scene_with("</script> & \"<b>\" \x01 日本語"), FigureFormat::svg, 100);
  ASSERT_TRUE(svg);
  EXPECT_THAT(*svg, HasSubstr(">&lt;/script&gt; &amp; &quot;&lt;b&gt;&quot;  日本語</text>"));
  EXPECT_THAT(*svg, Not(HasSubstr("<script")));
  EXPECT_THAT(*svg, Not(HasSubstr("</script")));
}

TEST(Render, SvgPlacesRightToLeftTextByItsLeftEnd) {
  Scene scene = scene_with("שלום");
  std::get<TextMark>(scene.marks[1]).is_right_to_left = true;
  EXPECT_THAT(*render(scene, FigureFormat::svg, 100),
              HasSubstr("x=\"5\" y=\"50\" font-size=\"10\" direction=\"rtl\" text-anchor=\"end\""));
}

TEST(Render, SvgJoinsDotsOfOneColor) {
  EXPECT_THAT(*render(scene_with("x"), FigureFormat::svg, 100),
              HasSubstr("stroke=\"#ff0000\" stroke-opacity=\"0.5\" d=\"M10 10h0M30 30h0\""));
}

TEST(Render, PngHasTheSizeAndResolutionAskedFor) {
  const auto png = render(scene_with("x"), FigureFormat::png, 144);
  ASSERT_TRUE(png);
  EXPECT_THAT(*png, StartsWith("\x89PNG"));
  EXPECT_EQ(big_endian(*png, 16), 200U);
  EXPECT_EQ(big_endian(*png, 20), 120U);
  EXPECT_EQ(png->substr(37, 4), "pHYs");
  EXPECT_EQ(big_endian(*png, 41), 5669U);  // 144 / 0.0254
}

TEST(Render, PdfIsAPdfWithoutTheTimeOfDay) {
  const auto pdf = render(scene_with("x"), FigureFormat::pdf, 100);
  ASSERT_TRUE(pdf);
  EXPECT_THAT(*pdf, StartsWith("%PDF-"));
  EXPECT_THAT(*pdf, HasSubstr("CreationDate (20000101"));
}

TEST(Render, SameSceneSameBytes) {
  for (const auto format : {FigureFormat::svg, FigureFormat::png, FigureFormat::pdf}) {
    EXPECT_EQ(*render(scene_with("नमस्ते"), format, 100), *render(scene_with("नमस्ते"), format, 100));
  }
}

TEST(Render, PicturesThatNobodyCanHoldAreRefused) {
  Scene scene = scene_with("x");
  scene.width = 30000;
  const auto png = render(scene, FigureFormat::png, 300);
  ASSERT_FALSE(png);
  EXPECT_EQ(png.error().subject, Subject::option);
  EXPECT_FALSE(render(scene, FigureFormat::pdf, 300));
  EXPECT_TRUE(render(scene, FigureFormat::svg, 300));
}

}  // namespace
}  // namespace topograph
