#include <fmt/format.h>

#include <utility>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/transformer.hpp"
#include "embed/model_fingerprint.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

class BertEmbedder final : public Embedder {
 public:
  BertEmbedder(detail::EncoderConfig config, Tokenizer tokenizer,
               std::unique_ptr<detail::Transformer> transformer, std::size_t batch_tokens)
      : config_(std::move(config)),
        tokenizer_(std::move(tokenizer)),
        transformer_(std::move(transformer)),
        head_{.pooling = config_.pooling},
        batch_tokens_(batch_tokens) {
    if (config_.is_normalized) head_.modules.emplace_back(detail::NormalizeModule{});
  }

  [[nodiscard]] std::string name() const override { return config_.folder.filename().string(); }
  [[nodiscard]] std::size_t dimension() const override { return config_.dimension(); }

  [[nodiscard]] Result<std::string> fingerprint() const override {
    // Another release of OpenVINO or another CPU may round differently.
    TG_TRY(const std::string runtime, transformer_->runtime_name());
    detail::ModelFingerprint print("encoder " + runtime);
    print.add("precision", "f32");
    print.add("max_length", config_.max_length);
    print.add("batch_tokens", batch_tokens_);
    TG_TRY(print.add_json_files(config_.folder));
    TG_TRY(print.add_file(config_.folder / "model.safetensors"));
    return std::move(print).hex();
  }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
    Stage stage(run, "embed", texts.size());
    TG_TRY(const auto tokens,
           tokenizer_.encode_all(
               texts, {.add_special_tokens = true, .max_length = config_.max_length}, run));
    TG_TRY(transformer_->encode(tokens, {.head = head_, .batch_tokens = batch_tokens_}, out, stage,
                                run));
    return EmbedReport{.n_texts = narrow<std::int64_t>(texts.size()),
                       .n_tokens = narrow<std::int64_t>(tokens.ids.size()),
                       .n_truncated = tokens.n_truncated};
  }

 private:
  detail::EncoderConfig config_;
  Tokenizer tokenizer_;
  std::unique_ptr<detail::Transformer> transformer_;
  detail::EncoderHead head_;
  std::size_t batch_tokens_;
};

Result<void> apply_max_length(const EmbedOptions& options, detail::EncoderConfig& config) {
  if (!options.max_length) return {};
  const std::size_t wanted = idx(*options.max_length);
  if (wanted > config.max_positions) {
    return option_error(
        "embed.max_length",
        fmt::format("expected at most {}, the positions that {} knows, found {}",
                    config.max_positions, config.folder.filename().string(), wanted));
  }
  config.max_length = wanted;
  return {};
}

}  // namespace

Result<std::unique_ptr<Embedder>> open_encoder(const fs::path& folder,
                                               const EmbedOptions& options) {
  TG_TRY(validate_options(options, "embed"));
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  TG_TRY(auto config, detail::read_encoder_config(named));
  TG_TRY(apply_max_length(options, config));
  TG_TRY(auto tokenizer, Tokenizer::load(named / "tokenizer.json"));
  if (tokenizer.vocabulary_size() > config.vocabulary_size) {
    return model_error(ErrorCode::schema, (named / "tokenizer.json").string(),
                       fmt::format("expected at most the {} tokens of config.json, found {}",
                                   config.vocabulary_size, tokenizer.vocabulary_size()),
                       "do tokenizer.json and config.json belong together?");
  }
  TG_TRY(auto transformer, detail::Transformer::load(config));
  return std::make_unique<BertEmbedder>(std::move(config), std::move(tokenizer),
                                        std::move(transformer), idx(options.batch_tokens));
}

}  // namespace topograph
