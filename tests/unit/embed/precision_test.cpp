#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr std::array kAll = {Precision::f32, Precision::bf16, Precision::int8};

bool is_bf16_native() {
  return open_encoder(kData / "tiny-bert", {.precision = Precision::bf16}).has_value();
}

double mean_cosine(const Matrix<float>& a, const Matrix<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rows(); ++i) {
    double dot = 0, norm_a = 0, norm_b = 0;
    for (std::size_t j = 0; j < a.cols(); ++j) {
      const double x = static_cast<double>(a[i, j]), y = static_cast<double>(b[i, j]);
      dot += x * y;
      norm_a += x * x;
      norm_b += y * y;
    }
    sum += dot / std::sqrt(norm_a * norm_b);
  }
  return sum / static_cast<double>(a.rows());
}

TEST(Precision, IsAnOptionWithTheNameAutoForUnset) {
  EmbedOptions options;
  ASSERT_TRUE(apply_settings(options, {{"precision", "int8", "--precision"}}));
  EXPECT_EQ(options.precision, Precision::int8);
  ASSERT_TRUE(apply_settings(options, {{"precision", "auto", "--precision"}}));
  EXPECT_FALSE(options.precision);
  EXPECT_FALSE(apply_settings(options, {{"precision", "f16", "--precision"}}));
}

TEST(Precision, ThatWasChosenIsReported) {
  for (const Precision precision : kAll) {
    if (precision == Precision::bf16 && !is_bf16_native()) continue;
    const auto encoder = open_encoder(kData / "tiny-bert", {.precision = precision});
    ASSERT_TRUE(encoder) << to_string(encoder.error());
    RunContext run({.threads = 1});
    Matrix<float> out(golden_texts().size(), 32);
    const auto report = (*encoder)->embed(golden_texts(), out.view(), run);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(report->precision, precision);
  }
}

TEST(Precision, UnsetIsBf16OnlyWhereTheCpuHasIt) {
  const auto encoder = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(encoder);
  RunContext run({.threads = 1});
  Matrix<float> out(golden_texts().size(), 32);
  const auto report = (*encoder)->embed(golden_texts(), out.view(), run);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->precision, is_bf16_native() ? Precision::bf16 : Precision::f32);
}

TEST(Precision, Bf16WithoutTheInstructionsIsAnOptionError) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.precision = Precision::bf16});
  if (encoder) GTEST_SKIP() << "skipped: this CPU has bf16";
  EXPECT_EQ(encoder.error().subject, Subject::option);
  EXPECT_EQ(encoder.error().where, "embed.precision");
}

TEST(Precision, OfAStaticModelDoesNotMatter) {
  const auto model = open_static(kData / "static-f32", {.precision = Precision::int8});
  ASSERT_TRUE(model);
  RunContext run({.threads = 1});
  Matrix<float> out(1, (*model)->dimension());
  TextColumn text;
  text.push_back("the map");
  const auto report = (*model)->embed(text, out.view(), run);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->precision);
}

TEST(Precision, Int8ReallyComputesInWholeNumbers) {
  const auto whole = open_encoder(kData / "tiny-bert", {.precision = Precision::int8});
  const auto exact = open_encoder(kData / "tiny-bert", {.precision = Precision::f32});
  ASSERT_TRUE(whole && exact);
  const auto a = embed_all(**whole, golden_texts());
  const auto b = embed_all(**exact, golden_texts());
  EXPECT_GT(largest_difference(a, b), 1e-4);
  EXPECT_GT(mean_cosine(a, b), 0.99);
}

TEST(Precision, KeepsTheVectorsOfTheRealEncoder) {
  const fs::path folder = TG_ENCODER_DIR;
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder;
  const auto exact = open_encoder(folder, {.precision = Precision::f32});
  const auto whole = open_encoder(folder, {.precision = Precision::int8});
  ASSERT_TRUE(exact && whole);
  const auto expected = embed_all(**exact, golden_texts());
  EXPECT_GT(mean_cosine(embed_all(**whole, golden_texts()), expected), 0.99);
  if (!is_bf16_native()) return;
  const auto half = open_encoder(folder, {.precision = Precision::bf16});
  ASSERT_TRUE(half);
  EXPECT_GT(mean_cosine(embed_all(**half, golden_texts()), expected), 0.9998);
}

}  // namespace
}  // namespace topograph
