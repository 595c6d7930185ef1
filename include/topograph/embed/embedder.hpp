#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/endpoint_options.hpp"

namespace topograph {

struct EmbedOptions {
  std::string model = "all-MiniLM-L6-v2";
  std::optional<int> max_length = {};
  int batch_tokens = 1024;
  EndpointOptions endpoint = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("model", s.model, any_value(),
      "Folder of a model, a name known to `topograph model list`, `static` for the built-in one, "
      "or `openai:NAME` for one behind an endpoint.");
    v("max_length", s.max_length, at_least(3),
      "Tokens kept per document, special tokens included (unset: the model's own limit).");
    v("batch_tokens", s.batch_tokens, at_least(16),
      "Tokens that go through the encoder at once; larger uses more memory.");
    v("endpoint", s.endpoint);
  }
};

/// What embedding met on its way.
struct EmbedReport {
  std::int64_t n_texts = 0;
  std::int64_t n_tokens = 0;
  std::int64_t n_truncated = 0;  ///< Texts longer than the model's limit.
};

/// Seam: turns texts into vectors. Implementations are immutable and safe to read from threads.
class Embedder {
 public:
  virtual ~Embedder() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::size_t dimension() const = 0;
  /// Hex SHA-256 of everything the bits of the vectors depend on besides the texts: weights,
  /// configuration, tokenizer, options such as `max_length`, precision or a prompt. Two embedders
  /// with the same fingerprint give the same bits for the same call. Computed when asked: reads the
  /// model's files.
  /// @error model subject when a file cannot be read any more.
  [[nodiscard]] virtual Result<std::string> fingerprint() const = 0;
  /// Fills `out` (texts.size(), dimension()): one row a text, in order. Progress is counted in
  /// texts. A text's vector does not depend on the other texts beyond rounding of the last bits;
  /// the same call gives the same bits for any number of threads.
  [[nodiscard]] virtual Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                                  RunContext& run) const = 0;
};

/// Opens the model that `options.model` names (see `find_model`) as an encoder or a static model.
/// @error model subject: not_found with the places that were searched, parse, schema, unsupported.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_embedder(const EmbedOptions& options,
                                                              RunContext& run);

/// True for `openai:NAME` and whenever an endpoint's address is given.
[[nodiscard]] bool is_endpoint(const EmbedOptions& options);

/// A model behind an OpenAI-compatible `/v1/embeddings`; one request learns the vectors' length.
/// The key comes from the environment variable that the options name and appears nowhere else.
/// Blank texts are sent as one space.
/// @error option subject: address, key or `max_length` (tokens cannot be counted from here); model
///        subject: what the server answered instead of vectors; cancelled.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_endpoint(const EmbedOptions& options,
                                                              RunContext& run);

/// A transformer encoder (BERT) run by OpenVINO from a Hugging Face folder: `config.json`,
/// `tokenizer.json`, `model.safetensors`, and, when present, `modules.json`,
/// `1_Pooling/config.json`, `sentence_bert_config.json`. float32.
/// @peer sentence-transformers: cosine >= 0.99999, max abs difference <= 2e-5.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_encoder(const std::filesystem::path& folder,
                                                             const EmbedOptions& options);

/// A static model in model2vec's layout: `model.safetensors` (`embeddings`, optional `weights`,
/// `mapping`), `tokenizer.json`, `config.json`. The mean of token vectors; unknown tokens dropped;
/// a text without tokens gives the zero vector. sentence-transformers' StaticEmbedding folders are
/// read too. `batch_tokens` does not matter here.
/// @peer model2vec 0.10.0 `StaticModel.encode`: max abs difference 1e-6 for float32 and int8
/// models;
///       for float16 models the peer also rounds its result to half precision, we do not.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_static(const std::filesystem::path& folder,
                                                            const EmbedOptions& options);

}  // namespace topograph
