#include <cstring>

#include "topograph/embed/distill.hpp"
#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// Many texts of very different lengths, so that there are many batches.
TextColumn many_texts() {
  const auto base = golden_texts();
  TextColumn texts;
  for (std::size_t i = 0; i < 40 * base.size(); ++i) {
    std::string text(base[i % base.size()]);
    text += " " + std::string(base[(i * 7) / base.size() % base.size()]);
    texts.push_back(text);
  }
  return texts;
}

void expect_same_bits(const Embedder& embedder) {
  const auto texts = many_texts();
  const auto first = embed_all(embedder, texts, 1);
  for (const int threads : {2, 3, 7}) {
    const auto again = embed_all(embedder, texts, threads);
    EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)), 0) << threads;
  }
}

TEST(EncoderThreads, GiveTheSameBits) {
  const auto encoder = open_encoder(kData / "tiny-bert", {.batch_tokens = 256});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  expect_same_bits(**encoder);
}

TEST(ArchitectureThreads, GiveTheSameBits) {
  TextColumn texts;
  for (const auto& text :
       nlohmann::json::parse(read_text(kData / "architectures" / "texts.json"))) {
    for (int copy = 0; copy < 5; ++copy) texts.push_back(text.get<std::string>());
  }
  for (const char* model : {"mpnet", "modernbert", "gemma3", "qwen3"}) {
    const auto encoder = open_encoder(kData / "architectures" / model, {.batch_tokens = 128});
    ASSERT_TRUE(encoder) << to_string(encoder.error());
    const auto first = embed_all(**encoder, texts, 1);
    for (const int threads : {2, 3, 7}) {
      const auto again = embed_all(**encoder, texts, threads);
      EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)), 0)
          << model << " with " << threads << " threads";
    }
  }
}

TEST(RealEncoderThreads, GiveTheSameBits) {
  const fs::path folder = TG_ENCODER_DIR;
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder;
  const auto encoder = open_encoder(folder, {});
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  const auto texts = golden_texts();
  const auto first = embed_all(**encoder, texts, 1);
  for (const int threads : {2, 3, 7}) {
    const auto again = embed_all(**encoder, texts, threads);
    EXPECT_EQ(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)), 0) << threads;
  }
}

TEST(StaticThreads, GiveTheSameBits) {
  const auto model = open_static(kData / "static-f32", {});
  ASSERT_TRUE(model) << to_string(model.error());
  expect_same_bits(**model);
}

TEST(LearnThreads, WriteTheSameFiles) {
  const TemporaryFolder temporary;
  const DistillCorpus corpus{many_texts(), {}};
  std::string first;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto target = temporary.path() / std::to_string(threads);
    DistillOptions options{.dimension = 8};
    options.learn.batch_texts = 100;
    ASSERT_TRUE(distill_static(kData / "tiny-bert", corpus, target, options, run));
    const auto bytes = read_text(target / "model.safetensors");
    if (threads == 1) first = bytes;
    EXPECT_EQ(bytes, first) << threads;
  }
}

TEST(DistillThreads, WriteTheSameFiles) {
  const TemporaryFolder temporary;
  std::string first;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto target = temporary.path() / std::to_string(threads);
    ASSERT_TRUE(distill_static(kData / "tiny-bert", target, {.dimension = 8}, run));
    const auto bytes = read_text(target / "model.safetensors");
    if (threads == 1) first = bytes;
    EXPECT_EQ(bytes, first) << threads;
  }
}

}  // namespace
}  // namespace topograph
