#include <fmt/format.h>

#include <utility>

#include "embed/adapted_embedder.hpp"
#include "embed/encoder/calibration_texts.hpp"
#include "embed/encoder/encode_texts.hpp"
#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/encoder_tokenizer.hpp"
#include "embed/encoder/modules_config.hpp"
#include "embed/encoder/precision.hpp"
#include "embed/encoder/transformer.hpp"
#include "embed/model_fingerprint.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

/// An encoder's parts, and what the options make of them.
struct EncoderParts {
  detail::EncoderConfig config;
  detail::EncoderTokenizer tokens;
  std::unique_ptr<detail::Transformer> transformer;
  detail::EncoderHead head = {};
  std::string prompt = {};
  std::size_t dimension = 0;
  std::size_t batch_tokens = 0;
};

class EncoderEmbedder final : public Embedder {
 public:
  explicit EncoderEmbedder(EncoderParts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] std::string name() const override {
    return parts_.config.folder.filename().string();
  }
  [[nodiscard]] std::size_t dimension() const override { return parts_.dimension; }

  [[nodiscard]] Result<std::string> fingerprint() const override {
    // Another release of OpenVINO or another CPU may round differently.
    TG_TRY(const std::string runtime, parts_.transformer->runtime_name());
    detail::ModelFingerprint print("encoder " + runtime);
    print.add("precision", enum_name(parts_.transformer->precision()));
    if (parts_.transformer->precision() == Precision::int8) {
      print.add("quantize", std::int64_t{detail::kQuantizeVersion});
    }
    print.add("max_length", parts_.config.max_length);
    print.add("prompt", std::string_view(parts_.prompt));
    print.add("pooling", std::string_view(detail::pooling_name(parts_.head.pooling)));
    print.add("columns", parts_.dimension);
    print.add("normalized", parts_.head.ends_normalized);
    TG_TRY(print.add_json_files(parts_.config.folder));
    TG_TRY(const auto files, detail::weight_files(parts_.config));
    for (const fs::path& file : files) {
      TG_TRY(print.add_file(file));
    }
    return std::move(print).hex();
  }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
    Stage stage(run, "embed", texts.size());
    TG_TRY(const auto counts,
           detail::encode_texts(
               [this](const TextColumn& rows, std::size_t first_row, RunContext& context) {
                 return tokenize(rows, first_row, context);
               },
               *parts_.transformer, {.head = parts_.head, .batch_tokens = parts_.batch_tokens},
               texts, out, stage, run));
    return EmbedReport{.n_texts = narrow<std::int64_t>(texts.size()),
                       .n_tokens = counts.n_tokens,
                       .n_truncated = counts.n_truncated,
                       .precision = parts_.transformer->precision()};
  }

 private:
  [[nodiscard]] Result<TokenBatch> tokenize(const TextColumn& texts, std::size_t first_row,
                                            RunContext& run) const {
    const Tokenizer::EncodeOptions options{.add_special_tokens = true,
                                           .max_length = parts_.config.max_length};
    const Tokenizer& tokenizer = parts_.tokens.tokenizer;
    TG_TRY(auto tokens,
           tokenizer.encode_all(
               parts_.prompt.empty() ? texts : detail::prepend_prompt(parts_.prompt, texts),
               options, run));
    TG_TRY(detail::check_token_ids(parts_.tokens, parts_.config, tokens, first_row));
    return tokens;
  }

  EncoderParts parts_;
};

TokenBatch calibration_tokens(const Tokenizer& tokenizer, const detail::EncoderConfig& config) {
  TokenBatch tokens;
  for (const std::string_view text : detail::calibration_texts()) {
    tokenizer.encode(text, {.add_special_tokens = true, .max_length = config.max_length},
                     tokens.ids);
    tokens.offsets.push_back(narrow<std::int64_t>(tokens.ids.size()));
  }
  return tokens;
}

Result<detail::EncoderChoice> read_choice(const EmbedOptions& options) {
  detail::EncoderChoice choice;
  switch (options.backend) {
    case EncoderBackend::any: break;
    case EncoderBackend::safetensors: choice.source = detail::NetworkSource::safetensors; break;
    case EncoderBackend::onnx: choice.source = detail::NetworkSource::onnx; break;
    case EncoderBackend::openvino: choice.source = detail::NetworkSource::openvino; break;
  }
  if (options.pooling) {
    TG_TRY(choice.pooling, detail::parse_pooling(*options.pooling));
  }
  return choice;
}

Result<void> apply_max_length(const EmbedOptions& options, detail::EncoderConfig& config) {
  if (!options.max_length) return {};
  const std::size_t wanted = idx(*options.max_length);
  if (wanted > config.shape.max_tokens) {
    return option_error(
        "embed.max_length",
        fmt::format("expected at most {}, the positions that {} knows, found {}",
                    config.shape.max_tokens, config.folder.filename().string(), wanted));
  }
  config.max_length = wanted;
  return {};
}

}  // namespace

Result<std::unique_ptr<Embedder>> open_encoder(const fs::path& folder,
                                               const EmbedOptions& options) {
  TG_TRY(validate_options(options, "embed"));
  TG_TRY(const Precision precision, detail::choose_precision(options.precision));
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  TG_TRY(const auto choice, read_choice(options));
  TG_TRY(auto config, detail::read_encoder_config(named, choice));
  TG_TRY(apply_max_length(options, config));
  TG_TRY(auto prompt, detail::resolve_prompt(config.prompts, options, named));
  TG_TRY(const std::size_t dimension, detail::kept_columns(options, config.head.dimension));
  TG_TRY(auto tokens, detail::load_encoder_tokenizer(config));
  TG_TRY(auto head, detail::load_head(config.head));
  head.ends_normalized = options.normalize;
  if (!config.head.pools_prompt && !prompt.empty()) {
    head.n_skipped_tokens =
        detail::count_prompt_tokens(tokens.tokenizer, prompt, config.max_length);
  }
  TokenBatch calibration;
  if (precision == Precision::int8) calibration = calibration_tokens(tokens.tokenizer, config);
  TG_TRY(auto transformer, detail::Transformer::load(config, precision, std::move(calibration)));
  return std::make_unique<EncoderEmbedder>(EncoderParts{.config = std::move(config),
                                                        .tokens = std::move(tokens),
                                                        .transformer = std::move(transformer),
                                                        .head = std::move(head),
                                                        .prompt = std::move(prompt),
                                                        .dimension = dimension,
                                                        .batch_tokens = idx(options.batch_tokens)});
}

}  // namespace topograph
