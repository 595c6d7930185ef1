#include "embed/adapted_embedder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "embed/encoder/pooling.hpp"
#include "embed/model_fingerprint.hpp"
#include "embed/prompts.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

class AdaptedEmbedder final : public Embedder {
 public:
  AdaptedEmbedder(std::unique_ptr<Embedder> inner, std::string prompt, std::size_t n_columns,
                  bool is_normalized)
      : inner_(std::move(inner)),
        prompt_(std::move(prompt)),
        n_columns_(n_columns),
        is_normalized_(is_normalized) {}

  [[nodiscard]] std::string name() const override { return inner_->name(); }
  [[nodiscard]] std::size_t dimension() const override { return n_columns_; }

  [[nodiscard]] Result<std::string> fingerprint() const override {
    TG_TRY(const std::string inner, inner_->fingerprint());
    ModelFingerprint print("adapted " + inner);
    print.add("prompt", std::string_view(prompt_));
    print.add("columns", n_columns_);
    print.add("normalized", is_normalized_);
    return std::move(print).hex();
  }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
    if (n_columns_ == inner_->dimension()) {
      TG_TRY(const auto report, embed_prompted(texts, out, run));
      for (std::size_t i = 0; is_normalized_ && i < out.rows(); ++i) normalize_row(out.row(i));
      return report;
    }
    Matrix<float> whole(texts.size(), inner_->dimension());
    TG_TRY(const auto report, embed_prompted(texts, whole.view(), run));
    for (std::size_t i = 0; i < out.rows(); ++i) {
      std::ranges::copy(whole.row(i).first(n_columns_), out.row(i).begin());
      if (is_normalized_) normalize_row(out.row(i));
    }
    return report;
  }

 private:
  [[nodiscard]] Result<EmbedReport> embed_prompted(const TextColumn& texts, MatrixView<float> out,
                                                   RunContext& run) const {
    if (prompt_.empty()) return inner_->embed(texts, out, run);
    return inner_->embed(prepend_prompt(prompt_, texts), out, run);
  }

  std::unique_ptr<Embedder> inner_;
  std::string prompt_;
  std::size_t n_columns_;
  bool is_normalized_;
};

}  // namespace

Result<std::size_t> kept_columns(const EmbedOptions& options, std::size_t dimension) {
  if (!options.truncate_dim) return dimension;
  if (idx(*options.truncate_dim) <= dimension) return idx(*options.truncate_dim);
  return option_error("embed.truncate_dim",
                      fmt::format("expected at most {}, the model's dimension, found {}", dimension,
                                  *options.truncate_dim));
}

Result<std::unique_ptr<Embedder>> adapt_embedder(std::unique_ptr<Embedder> inner,
                                                 const std::filesystem::path& folder,
                                                 const EmbedOptions& options) {
  for (const auto& [is_set, path] : {std::pair{options.pooling.has_value(), "embed.pooling"},
                                     std::pair{options.backend != EncoderBackend::any,  //
                                               "embed.backend"}}) {
    if (is_set) {
      return option_error(path, "expected the folder of an encoder, found " + inner->name());
    }
  }
  Prompts prompts;
  if (!folder.empty()) {
    TG_TRY(prompts, read_prompts(folder));
  }
  TG_TRY(auto prompt, resolve_prompt(prompts, options, folder));
  TG_TRY(const std::size_t n_columns, kept_columns(options, inner->dimension()));
  if (prompt.empty() && n_columns == inner->dimension() && !options.normalize) return inner;
  return std::make_unique<AdaptedEmbedder>(std::move(inner), std::move(prompt), n_columns,
                                           options.normalize);
}

}  // namespace topograph::detail
