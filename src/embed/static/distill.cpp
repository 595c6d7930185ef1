#include "topograph/embed/distill.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/transformer.hpp"
#include "embed/static/principal_scores.hpp"
#include "embed/static/static_writer.hpp"
#include "embed/static/vocabulary.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/narrow.hpp"
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

}  // namespace

Result<DistillReport> distill_static(const fs::path& encoder_folder, const fs::path& target,
                                     const DistillOptions& options, RunContext& run) {
  TG_TRY(validate_options(options));
  const fs::path folder =
      encoder_folder.has_filename() ? encoder_folder : encoder_folder.parent_path();
  TG_TRY(const auto config, detail::read_encoder_config(folder));
  TG_TRY(const auto vocabulary, detail::read_static_vocabulary(config.network / "tokenizer.json"));
  const std::size_t n_tokens = vocabulary.encoder_ids.size();
  TG_TRY(check_dimension(options, config.shape.hidden_size, n_tokens));
  TG_TRY(const auto tokenizer, Tokenizer::load(config.network / "tokenizer.json"));
  TG_TRY(const auto texts,
         token_texts(vocabulary.encoder_ids, detail::text_frame(tokenizer), config));
  TG_TRY(auto output, AtomicDirectory::create(target, "model.safetensors"));
  TG_TRY(const auto transformer, detail::Transformer::load(config));

  Stage stage(run, "distill", n_tokens);
  Matrix<float> states(n_tokens, config.shape.hidden_size);
  TG_TRY(transformer->encode(
      texts, {.head = {.pooling = {detail::PoolingMode::mean}}, .batch_tokens = kBatchTokens},
      states.view(), stage, run));
  TG_TRY(auto projected, detail::principal_scores(states.view(), idx(options.dimension), run));
  apply_sif(projected.scores, options.sif_coefficient);
  TG_TRY(const auto n_bytes, detail::write_static_model(
                                 output.path(), std::as_const(projected.scores).view(),
                                 vocabulary.tokenizer_json, folder.filename().string(), options));
  if (run.stop_requested()) return cancelled();
  TG_TRY(output.commit());
  return DistillReport{.n_tokens = n_tokens,
                       .dimension = idx(options.dimension),
                       .explained_variance = projected.explained_variance,
                       .bytes = n_bytes};
}

}  // namespace topograph
