#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "embed/adapted_embedder.hpp"
#include "embed/encoder/pooling.hpp"
#include "embed/model_fingerprint.hpp"
#include "embed/static/static_files.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kTextsPerBlock = 128;

bool starts_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_code_point));
}

/// The first `limit` code points.
std::string_view cut_code_points(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_code_point(text[i]) && seen++ == limit) return text.substr(0, i);
  }
  return text;
}

/// Median length of the tokens in code points, rounded down.
std::size_t median_token_length(const Tokenizer& tokenizer) {
  std::vector<std::size_t> lengths;
  for (std::size_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    const auto token = tokenizer.token(narrow<std::int32_t>(id));
    if (!token.empty()) lengths.push_back(count_code_points(token));
  }
  if (lengths.empty()) return 0;
  std::ranges::sort(lengths);
  return (lengths[(lengths.size() - 1) / 2] + lengths[lengths.size() / 2]) / 2;
}

/// Memory of one worker, used again for every text.
struct Scratch {
  std::vector<std::int32_t> ids = {};
  std::vector<float> weights = {};
  std::vector<double> sum = {};
};

class StaticEmbedder final : public Embedder {
 public:
  StaticEmbedder(std::string name, detail::StaticLayout files, Tokenizer tokenizer,
                 detail::StaticVectors vectors, detail::StaticConfig config)
      : name_(std::move(name)),
        files_(std::move(files)),
        tokenizer_(std::move(tokenizer)),
        table_(std::move(vectors)),
        config_(config),
        // Long texts are cut before they are tokenised, as the peer does: far more characters than
        // the limit of tokens could use.
        max_characters_(config_.max_length * median_token_length(tokenizer_)) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::size_t dimension() const override { return table_.n_columns(); }

  [[nodiscard]] Result<std::string> fingerprint() const override {
    detail::ModelFingerprint print("static 1");
    print.add("max_length", config_.max_length);
    print.add("is_normalized", config_.is_normalized);
    for (const fs::path* file : {&files_.config, &files_.tokenizer, &files_.weights}) {
      TG_TRY(print.add_file(*file));
    }
    return std::move(print).hex();
  }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
    Stage stage(run, "embed", texts.size());
    std::vector<Scratch> scratch(idx(run.threads()));
    std::vector<EmbedReport> parts(block_count(texts.size(), kTextsPerBlock));
    TG_TRY(parallel_blocks(run, texts.size(), kTextsPerBlock, [&](const Block& block) {
      for (std::size_t row = block.begin; row < block.end; ++row) {
        embed_one(texts[row], out.row(row), scratch[block.worker], parts[block.index]);
      }
      stage.advance(block.end - block.begin);
    }));
    EmbedReport report{.n_texts = narrow<std::int64_t>(texts.size())};
    for (const EmbedReport& part : parts) {
      report.n_tokens += part.n_tokens;
      report.n_truncated += part.n_truncated;
    }
    return report;
  }

 private:
  void embed_one(std::string_view text, std::span<float> out, Scratch& scratch,
                 EmbedReport& report) const {
    scratch.ids.clear();
    scratch.sum.resize(out.size());
    const auto shown = config_.max_length > 0 ? cut_code_points(text, max_characters_) : text;
    const bool is_cut = tokenizer_.encode(
        shown, {.add_special_tokens = false, .max_length = config_.max_length}, scratch.ids);
    if (is_cut || shown.size() < text.size()) ++report.n_truncated;
    std::erase(scratch.ids, tokenizer_.unknown_id());
    report.n_tokens += narrow<std::int64_t>(scratch.ids.size());
    table_.add_up(scratch.ids, scratch.weights, scratch.sum);
    const double n = static_cast<double>(std::max<std::size_t>(scratch.ids.size(), 1));
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = static_cast<float>(scratch.sum[j] / n);
    if (config_.is_normalized) detail::normalize_row(out);
  }

  std::string name_;
  detail::StaticLayout files_;
  Tokenizer tokenizer_;
  detail::StaticVectors table_;
  detail::StaticConfig config_;
  std::size_t max_characters_;
};

}  // namespace

Result<std::unique_ptr<Embedder>> open_static(const fs::path& folder, const EmbedOptions& options) {
  TG_TRY(validate_options(options, "embed"));
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  const auto layout = detail::find_static_layout(named);
  if (!layout) {
    return model_error(ErrorCode::not_found, named.string(),
                       "expected a static model (config.json of type model2vec, model.safetensors, "
                       "tokenizer.json), found none");
  }
  TG_TRY(auto config, detail::read_static_config(named, *layout));
  if (options.max_length) config.max_length = idx(*options.max_length);
  TG_TRY(auto tokenizer, Tokenizer::load(layout->tokenizer));
  TG_TRY(auto vectors, detail::read_static_vectors(*layout, tokenizer.vocabulary_size()));
  auto embedder = std::make_unique<StaticEmbedder>(
      named.filename().string(), *layout, std::move(tokenizer), std::move(vectors), config);
  return detail::adapt_embedder(std::move(embedder), named, options);
}

}  // namespace topograph
