#include "topograph/embed/distill.hpp"

#include <limits>
#include <stop_token>
#include <utility>

#include "topograph/tokenize/tokenizer.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

TEST(DistillStatic, WritesAModelThatOpensAndEmbeds) {
  for (const VectorDType dtype : {VectorDType::f32, VectorDType::f16, VectorDType::i8}) {
    const TemporaryFolder temporary;
    RunContext run({.threads = 2});
    const auto target = temporary.path() / "small";
    const auto report =
        distill_static(kData / "tiny-bert", target, {.dimension = 8, .dtype = dtype}, run);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(report->n_tokens, 188U);
    EXPECT_EQ(report->dimension, 8U);
    EXPECT_EQ(report->bytes, fs::file_size(target / "model.safetensors"));
    EXPECT_GT(report->explained_variance, 0.3);
    EXPECT_LE(report->explained_variance, 1.0);
    const auto model = open_static(target, {});
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ((*model)->dimension(), 8U);
  }
}

TEST(DistillStatic, KeepsAllVarianceWithAllColumns) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto report =
      distill_static(kData / "tiny-bert", temporary.path() / "small", {.dimension = 32}, run);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_NEAR(report->explained_variance, 1.0, 1e-12);
}

TEST(DistillStatic, QuantisesToWithinHalfAStepOfTheRow) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto f32 = temporary.path() / "f32";
  const auto i8 = temporary.path() / "i8";
  ASSERT_TRUE(
      distill_static(kData / "tiny-bert", f32, {.dimension = 8, .dtype = VectorDType::f32}, run));
  ASSERT_TRUE(
      distill_static(kData / "tiny-bert", i8, {.dimension = 8, .dtype = VectorDType::i8}, run));
  const auto exact = ArrayFile::open(f32 / "model.safetensors")->matrix("embeddings");
  const auto file = ArrayFile::open(i8 / "model.safetensors");
  const auto scales = file->floats("weights");
  const auto steps = file->array("embeddings");
  ASSERT_TRUE(exact && scales && steps);
  for (std::size_t i = 0; i < exact->rows(); ++i) {
    for (std::size_t j = 0; j < 8; ++j) {
      const auto step = static_cast<std::int8_t>(steps->bytes[i * 8 + j]);
      EXPECT_NEAR((*scales)[i] * static_cast<float>(step), ((*exact)[i, j]),
                  0.5001 * static_cast<double>((*scales)[i]));
    }
  }
}

TEST(DistillStatic, LeavesOutUnusedEntriesAndRenumbersTheRest) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto target = temporary.path() / "small";
  ASSERT_TRUE(distill_static(kData / "tiny-bert", target, {.dimension = 4}, run));
  const auto tokenizer = Tokenizer::load(target / "tokenizer.json");
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  EXPECT_EQ(tokenizer->vocabulary_size(), 188U);
  EXPECT_EQ(tokenizer->token_id("[unused0]"), -1);
  EXPECT_EQ(tokenizer->token_id("[PAD]"), 0);
  EXPECT_EQ(tokenizer->token_id("[UNK]"), 1);
  EXPECT_EQ(tokenizer->unknown_id(), 1);
}

TEST(DistillStatic, ReplacesAnOlderModelButNoOtherFolder) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto target = temporary.path() / "small";
  ASSERT_TRUE(distill_static(kData / "tiny-bert", target, {.dimension = 4}, run));
  ASSERT_TRUE(distill_static(kData / "tiny-bert", target, {.dimension = 6}, run));
  EXPECT_EQ((*open_static(target, {}))->dimension(), 6U);
  write_text(temporary.path() / "letters" / "dear.txt", "keep me");
  const auto refused =
      distill_static(kData / "tiny-bert", temporary.path() / "letters", {.dimension = 4}, run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().subject, Subject::output);
  EXPECT_EQ(read_text(temporary.path() / "letters" / "dear.txt"), "keep me");
}

TEST(DistillStatic, RefusesMoreColumnsThanTheEncoderHas) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto target = temporary.path() / "small";
  const auto refused = distill_static(kData / "tiny-bert", target, {.dimension = 33}, run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().subject, Subject::option);
  EXPECT_THAT(to_string(refused.error()), testing::HasSubstr("at most 32"));
  EXPECT_FALSE(fs::exists(target));
}

TEST(DistillStatic, RefusesATokenizerThatIsNotWordPiece) {
  const TemporaryFolder temporary;
  const auto folder = temporary.copy_of("tiny-bert");
  change_json(folder / "tokenizer.json", {{"model", {{"type", "BPE"}}}});
  RunContext run({.threads = 1});
  expect_model_error(distill_static(folder, temporary.path() / "small", {.dimension = 4}, run),
                     ErrorCode::unsupported, "BPE");
}

TEST(DistillStatic, LeavesNothingBehindWhenStopped) {
  const TemporaryFolder temporary;
  std::stop_source source;
  source.request_stop();
  RunContext run({.threads = 1, .stop = source.get_token()});
  const auto stopped =
      distill_static(kData / "tiny-bert", temporary.path() / "small", {.dimension = 4}, run);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(fs::is_empty(temporary.path()));
}

TEST(LearnFromCorpus, BringsTheVectorsOfTextsNearerToTheEncodersOnes) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 2});
  const auto target = temporary.path() / "small";
  const DistillCorpus corpus{golden_texts(), {}};
  DistillOptions options{.dimension = 32, .dtype = VectorDType::f32};
  options.learn.batch_texts = 4;
  options.learn.epochs = 1;
  const auto once = distill_static(kData / "tiny-bert", corpus, target, options, run);
  ASSERT_TRUE(once) << to_string(once.error());
  EXPECT_EQ(once->n_texts, corpus.texts.size());
  EXPECT_GT(once->n_corpus_tokens, corpus.texts.size());
  options.learn.epochs = 30;
  const auto often = distill_static(kData / "tiny-bert", corpus, target, options, run);
  ASSERT_TRUE(often) << to_string(often.error());
  EXPECT_GT(often->cosine, once->cosine);
  EXPECT_LE(often->cosine, 1.0);
  EXPECT_EQ((*open_static(target, {}))->dimension(), 32U);
}

TEST(LearnFromCorpus, TakesReadyVectorsInsteadOfTheEncodersOwn) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 2});
  const auto encoder = open_encoder(kData / "tiny-bert", {.precision = Precision::f32});
  ASSERT_TRUE(encoder);
  const auto vectors = embed_all(**encoder, golden_texts(), 1);
  const DistillOptions options{.dimension = 8};
  const auto own = temporary.path() / "own";
  const auto ready = temporary.path() / "ready";
  ASSERT_TRUE(distill_static(kData / "tiny-bert", {golden_texts(), {}}, own, options, run));
  ASSERT_TRUE(
      distill_static(kData / "tiny-bert", {golden_texts(), vectors.view()}, ready, options, run));
  EXPECT_EQ(read_text(own / "model.safetensors"), read_text(ready / "model.safetensors"));
}

TEST(LearnFromCorpus, RefusesVectorsThatDoNotFitTheTexts) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  const auto target = temporary.path() / "small";
  Matrix<float> vectors(3, 32);
  const auto few =
      distill_static(kData / "tiny-bert", {golden_texts(), std::as_const(vectors).view()}, target,
                     {.dimension = 8}, run);
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().subject, Subject::input);
  EXPECT_THAT(to_string(few.error()), testing::HasSubstr("found 3"));
  vectors = Matrix<float>(golden_texts().size(), 32);
  vectors[1, 5] = std::numeric_limits<float>::quiet_NaN();
  const auto damaged =
      distill_static(kData / "tiny-bert", {golden_texts(), std::as_const(vectors).view()}, target,
                     {.dimension = 8}, run);
  ASSERT_FALSE(damaged);
  EXPECT_THAT(to_string(damaged.error()), testing::HasSubstr("row 1"));
  vectors = Matrix<float>(golden_texts().size(), 6);
  const auto narrow_ones =
      distill_static(kData / "tiny-bert", {golden_texts(), std::as_const(vectors).view()}, target,
                     {.dimension = 8}, run);
  ASSERT_FALSE(narrow_ones);
  EXPECT_EQ(narrow_ones.error().subject, Subject::option);
  EXPECT_FALSE(fs::exists(target));
}

TEST(LearnFromCorpus, SurvivesTextsWithoutTokensAndZeroVectors) {
  const TemporaryFolder temporary;
  RunContext run({.threads = 1});
  TextColumn texts;
  for (const char* text : {"", "the cat", "", "a dog"}) texts.push_back(text);
  Matrix<float> vectors(4, 32);
  vectors[1, 0] = 1;
  const auto report = distill_static(kData / "tiny-bert", {texts, std::as_const(vectors).view()},
                                     temporary.path() / "small", {.dimension = 8}, run);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->n_texts, 4U);
  const auto model = open_static(temporary.path() / "small", {});
  ASSERT_TRUE(model) << to_string(model.error());
}

}  // namespace
}  // namespace topograph
