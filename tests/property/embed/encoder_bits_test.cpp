#include <cstring>
#include <thread>

#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

// A text's vector is a pure function of the text and the model: the same bits for any number of
// threads, any company, any order and any batch size, in every precision.
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// Many texts of very different lengths, so that there are many batches.
TextColumn many_texts(std::size_t repeats) {
  const auto base = golden_texts();
  TextColumn texts;
  for (std::size_t i = 0; i < repeats * base.size(); ++i) {
    std::string text(base[i % base.size()]);
    text += " " + std::string(base[(i * 7) / base.size() % base.size()]);
    texts.push_back(text);
  }
  return texts;
}

struct Case {
  std::string name = {};
  fs::path folder = {};
  std::optional<Precision> precision = {};
  std::size_t repeats = 1;
};

class EncoderBits : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().folder)) GTEST_SKIP() << "skipped: no " << GetParam().folder;
    texts = many_texts(GetParam().repeats);
    encoder = open(1024);
    ASSERT_TRUE(encoder);
    expected = embed_all(*encoder, texts, 1);
  }

  static std::unique_ptr<Embedder> open(int batch_tokens) {
    auto opened = open_encoder(GetParam().folder,
                               {.batch_tokens = batch_tokens, .precision = GetParam().precision});
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? *std::move(opened) : nullptr;
  }

  void expect_same(const Matrix<float>& found, const std::string& when) const {
    ASSERT_EQ(found.size(), expected.size());
    EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size() * sizeof(float)), 0) << when;
  }

  TextColumn texts = {};
  std::unique_ptr<Embedder> encoder = {};
  Matrix<float> expected = {};
};

TEST_P(EncoderBits, DoNotDependOnTheThreads) {
  for (const int threads : {2, 3, 7}) {
    expect_same(embed_all(*encoder, texts, threads), std::to_string(threads));
  }
  // Opened anew: int8 learns its ranges on all threads too.
  const auto again = open(1024);
  ASSERT_TRUE(again);
  expect_same(embed_all(*again, texts, 3), "opened again");
}

TEST_P(EncoderBits, DoNotDependOnTheBatchSize) {
  const auto small = open(64);
  ASSERT_TRUE(small);
  expect_same(embed_all(*small, texts, 2), "64 tokens a batch");
}

TEST_P(EncoderBits, DoNotDependOnTheOtherTexts) {
  TextColumn reversed;
  for (std::size_t i = texts.size(); i > 0; --i) reversed.push_back(texts[i - 1]);
  const auto backward = embed_all(*encoder, reversed, 2);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(std::ranges::equal(expected.row(i), backward.row(texts.size() - 1 - i))) << i;
  }
  for (std::size_t i = 0; i < texts.size(); i += 1 + texts.size() / 12) {
    TextColumn alone;
    alone.push_back(texts[i]);
    for (const int threads : {1, 2}) {
      const auto vector = embed_all(*encoder, alone, threads);
      ASSERT_TRUE(std::ranges::equal(expected.row(i), vector.row(0))) << i << " of " << threads;
    }
  }
}

TEST_P(EncoderBits, DoNotDependOnCallsThatRunAtTheSameTime) {
  std::vector<Matrix<float>> found(3);
  {
    std::vector<std::jthread> callers;
    for (std::size_t c = 0; c < found.size(); ++c) {
      callers.emplace_back(
          [&, c] { found[c] = embed_all(*encoder, texts, static_cast<int>(1 + c % 2)); });
    }
  }
  for (const auto& vectors : found) expect_same(vectors, "side by side");
}

TEST(EncoderWindows, GiveTheBitsOfSmallCalls) {
  const auto encoder = open_encoder(kData / "tiny-bert", {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const auto few = golden_texts();
  const auto expected = embed_all(**encoder, few);
  // More texts than are tokenised at once.
  TextColumn many;
  for (std::size_t i = 0; i < 9000; ++i) many.push_back(few[i % few.size()]);
  const auto found = embed_all(**encoder, many, 2);
  for (std::size_t i = 0; i < many.size(); ++i) {
    ASSERT_TRUE(std::ranges::equal(found.row(i), expected.row(i % few.size()))) << i;
  }
}

const fs::path kTiny = kData / "tiny-bert";

INSTANTIATE_TEST_SUITE_P(OfEveryPrecision, EncoderBits,
                         testing::Values(Case{"TinyF32", kTiny, Precision::f32, 8},
                                         Case{"TinyAuto", kTiny, std::nullopt, 8},
                                         Case{"TinyInt8", kTiny, Precision::int8, 4},
                                         Case{"RealF32", TG_ENCODER_DIR, Precision::f32, 1},
                                         Case{"RealAuto", TG_ENCODER_DIR, std::nullopt, 1},
                                         Case{"RealInt8", TG_ENCODER_DIR, Precision::int8, 1}),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

}  // namespace
}  // namespace topograph
