#include "topograph/embed/distill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/transformer.hpp"
#include "embed/static/corpus_start.hpp"
#include "embed/static/learn_vectors.hpp"
#include "embed/static/principal_scores.hpp"
#include "embed/static/static_writer.hpp"
#include "embed/static/vocabulary.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBatchTokens = 1024;

/// Every entry between the special tokens of a text.
Result<TokenBatch> token_texts(const std::vector<std::int32_t>& ids, const detail::TextFrame& frame,
                               const detail::EncoderConfig& config) {
  TokenBatch batch;
  for (const std::int32_t id : ids) {
    if (idx(id) >= config.shape.vocabulary_size) {
      return model_error(
          ErrorCode::schema, (config.network / "tokenizer.json").string(),
          fmt::format("expected ids below the vocab_size {} of config.json, found {}",
                      config.shape.vocabulary_size, id));
    }
    batch.ids.insert(batch.ids.end(), frame.before.begin(), frame.before.end());
    batch.ids.push_back(id);
    batch.ids.insert(batch.ids.end(), frame.after.begin(), frame.after.end());
    batch.offsets.push_back(narrow<std::int64_t>(batch.ids.size()));
  }
  return batch;
}

/// a / (a + p) with p by Zipf's law over the rank in the vocabulary: p_i ~ 1 / (i + 2).
void apply_sif(Matrix<double>& vectors, double coefficient) {
  double sum = 0;
  for (std::size_t i = 0; i < vectors.rows(); ++i) sum += 1.0 / static_cast<double>(i + 2);
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const double probability = 1.0 / static_cast<double>(i + 2) / sum;
    const double weight = coefficient / (coefficient + probability);
    for (double& value : vectors.row(i)) value *= weight;
  }
}

Result<void> check_dimension(const DistillOptions& options, std::size_t hidden_size,
                             std::size_t n_tokens) {
  const std::size_t limit = std::min(hidden_size, n_tokens - std::min<std::size_t>(n_tokens, 1));
  if (idx(options.dimension) <= limit) return {};
  return option_error("dimension",
                      fmt::format("expected at most {} (the encoder has {} columns and {} tokens), "
                                  "found {}",
                                  limit, hidden_size, n_tokens, options.dimension));
}

/// Every vocabulary entry through the encoder alone, (tokens, hidden).
Result<Matrix<float>> encode_tokens(const detail::EncoderConfig& config,
                                    const detail::StaticVocabulary& vocabulary, RunContext& run) {
  TG_TRY(const auto tokenizer, Tokenizer::load(config.network / "tokenizer.json"));
  TG_TRY(const auto texts,
         token_texts(vocabulary.encoder_ids, detail::text_frame(tokenizer), config));
  TG_TRY(const auto transformer, detail::Transformer::load(config, Precision::f32, {}));
  Stage stage(run, "distill", texts.size());
  Matrix<float> states(texts.size(), config.shape.hidden_size);
  TG_TRY(transformer->encode(
      texts, {.head = {.pooling = {detail::PoolingMode::mean}}, .batch_tokens = kBatchTokens},
      states.view(), stage, run));
  return states;
}

Result<void> check_corpus(const DistillCorpus& corpus) {
  const auto& vectors = corpus.vectors;
  if (vectors.empty()) return {};
  if (vectors.rows() != corpus.texts.size()) {
    return input_error(ErrorCode::invalid_argument, "corpus",
                       fmt::format("expected one vector for each of the {} texts, found {}",
                                   corpus.texts.size(), vectors.rows()));
  }
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    for (const float value : vectors.row(i)) {
      if (std::isfinite(value)) continue;
      return input_error(ErrorCode::invalid_argument, "corpus",
                         fmt::format("expected finite vectors, found {} in row {}", value, i));
    }
  }
  return {};
}

/// The texts' tokens that the static model knows, cut as the encoder cuts.
Result<TokenBatch> known_tokens(const DistillCorpus& corpus,
                                const detail::StaticVocabulary& vocabulary, const fs::path& folder,
                                std::size_t max_tokens, RunContext& run) {
  const auto where = (folder / "tokenizer.json").string();
  TG_TRY(const auto tokenizer, Tokenizer::parse(vocabulary.tokenizer_json, where));
  TG_TRY(const auto all,
         tokenizer.encode_all(corpus.texts, {.add_special_tokens = false, .max_length = max_tokens},
                              run));
  TokenBatch known;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::int32_t id : all[i]) {
      if (id != tokenizer.unknown_id()) known.ids.push_back(id);
    }
    known.offsets.push_back(narrow<std::int64_t>(known.ids.size()));
  }
  return known;
}

/// The encoder's vectors of the corpus: the caller's, or computed now into `own`.
Result<MatrixView<const float>> teacher_vectors(const DistillCorpus& corpus, const fs::path& folder,
                                                Matrix<float>& own, RunContext& run) {
  if (!corpus.vectors.empty()) return corpus.vectors;
  TG_TRY(const auto encoder, open_encoder(folder, {.precision = Precision::f32}));
  own = Matrix<float>(corpus.texts.size(), encoder->dimension());
  TG_TRY(encoder->embed(corpus.texts, own.view(), run));
  return std::as_const(own).view();
}

/// Vectors that learned from the corpus, starting from the distilled ones.
Result<Matrix<double>> learn_from(const DistillCorpus& corpus, const detail::EncoderConfig& config,
                                  const detail::StaticVocabulary& vocabulary,
                                  const Matrix<double>& distilled, const DistillOptions& options,
                                  DistillReport& report, RunContext& run) {
  TG_TRY(const auto texts,
         known_tokens(corpus, vocabulary, config.network, config.max_length, run));
  Matrix<float> own;
  TG_TRY(const auto teacher, teacher_vectors(corpus, config.folder, own, run));
  if (idx(options.dimension) > teacher.cols()) {
    return option_error("dimension",
                        fmt::format("expected at most the {} columns of the corpus' vectors, "
                                    "found {}",
                                    teacher.cols(), options.dimension));
  }
  Stage stage(run, "learn", texts.size() * idx(options.learn.epochs));
  Matrix<float> tokens(distilled.rows(), distilled.cols());
  std::ranges::transform(std::span(distilled.data(), distilled.size()), tokens.data(),
                         [](double x) { return static_cast<float>(x); });
  TG_TRY(auto start, detail::start_from_corpus(texts, teacher, std::as_const(tokens).view(),
                                               idx(options.dimension), run));
  TG_TRY(report.cosine, detail::learn_vectors(texts, std::as_const(start.targets).view(),
                                              options.learn, start.vectors, stage, run));
  report.explained_variance = start.explained_variance;
  report.n_texts = texts.size();
  report.n_corpus_tokens = texts.ids.size();
  Matrix<double> learned(start.vectors.rows(), start.vectors.cols());
  std::ranges::copy(std::span(start.vectors.data(), start.vectors.size()), learned.data());
  return learned;
}

}  // namespace

Result<DistillReport> distill_static(const fs::path& encoder_folder, const fs::path& target,
                                     const DistillOptions& options, RunContext& run) {
  return distill_static(encoder_folder, DistillCorpus{}, target, options, run);
}

Result<DistillReport> distill_static(const fs::path& encoder_folder, const DistillCorpus& corpus,
                                     const fs::path& target, const DistillOptions& options,
                                     RunContext& run) {
  TG_TRY(validate_options(options));
  TG_TRY(check_corpus(corpus));
  const fs::path folder =
      encoder_folder.has_filename() ? encoder_folder : encoder_folder.parent_path();
  TG_TRY(const auto config, detail::read_encoder_config(folder));
  TG_TRY(const auto vocabulary, detail::read_static_vocabulary(config.network / "tokenizer.json"));
  const std::size_t n_tokens = vocabulary.encoder_ids.size();
  TG_TRY(check_dimension(options, config.shape.hidden_size, n_tokens));
  TG_TRY(auto output, AtomicDirectory::create(target, "model.safetensors"));
  TG_TRY(const auto states, encode_tokens(config, vocabulary, run));

  const bool learns = !corpus.texts.empty();
  const std::size_t n_components = learns ? config.shape.hidden_size : idx(options.dimension);
  TG_TRY(auto projected, detail::principal_scores(states.view(), n_components, run));
  apply_sif(projected.scores, options.sif_coefficient);
  DistillReport report{.n_tokens = n_tokens,
                       .dimension = idx(options.dimension),
                       .explained_variance = projected.explained_variance};
  if (learns) {
    TG_TRY(projected.scores,
           learn_from(corpus, config, vocabulary, projected.scores, options, report, run));
  }
  TG_TRY(report.bytes, detail::write_static_model(
                           output.path(), std::as_const(projected.scores).view(),
                           vocabulary.tokenizer_json, folder.filename().string(), options));
  if (run.stop_requested()) return cancelled();
  TG_TRY(output.commit());
  return report;
}

}  // namespace topograph
