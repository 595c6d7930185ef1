#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/endpoint_options.hpp"
#include "topograph/embed/tfidf_options.hpp"

namespace topograph {

/// Which of the files of an encoder's folder is run.
enum class EncoderBackend : std::uint8_t { any, safetensors, onnx, openvino };
template <>
struct EnumNames<EncoderBackend> {
  static constexpr std::array<std::string_view, 4> names{"any", "safetensors", "onnx", "openvino"};
};

/// The type of numbers that an encoder multiplies.
enum class Precision : std::uint8_t { f32, bf16, int8 };
template <>
struct EnumNames<Precision> {
  static constexpr std::array<std::string_view, 3> names{"f32", "bf16", "int8"};
};

struct EmbedOptions {
  std::string model = "all-MiniLM-L6-v2";
  std::optional<int> max_length = {};
  std::optional<std::string> prompt = {};
  std::optional<std::string> prompt_name = {};
  std::optional<int> truncate_dim = {};
  bool normalize = false;
  std::optional<std::string> pooling = {};
  EncoderBackend backend = EncoderBackend::any;
  int batch_tokens = 1024;
  std::optional<Precision> precision = {};
  EndpointOptions endpoint = {};
  TfidfOptions tfidf = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("model", s.model, any_value(),
      "Folder of a model, a name known to `topograph model list`, `static` for the built-in one, "
      "`tfidf` for word counts (fitted on the documents), or `openai:NAME` for one behind an "
      "endpoint.");
    v("max_length", s.max_length, at_least(3),
      "Tokens kept per document, special tokens included (unset: the model's own limit).");
    v("prompt", s.prompt, any_value(),
      "Text put before every document; empty: none, whatever the model's default is.");
    v("prompt_name", s.prompt_name, any_value(),
      "Name of a prompt of the model: `query`, `document`, `Clustering` ... (unset: its default).");
    v("truncate_dim", s.truncate_dim, at_least(1),
      "First columns kept of each vector, for models trained to be cut (unset: all).");
    v("normalize", s.normalize, any_value(),
      "Scale vectors to unit length at the end, after truncate_dim.");
    v("pooling", s.pooling, any_value(),
      "How token vectors become one: cls, max, mean, mean_sqrt_len_tokens, weightedmean or "
      "lasttoken, several joined by `+` (unset: the model's own, else mean).");
    v("backend", s.backend, any_value(),
      "Which of an encoder's files to run; any: safetensors, else OpenVINO, else ONNX.");
    v("batch_tokens", s.batch_tokens, at_least(16),
      "Tokens that go through the encoder at once; larger uses more memory.");
    v("precision", s.precision, any_value(),
      "Numbers that an encoder multiplies: f32 as the model was trained; bf16 halves of them, only "
      "on CPUs that have it; int8 calibrated whole numbers, fastest (unset: bf16 where the CPU has "
      "it, else f32).");
    v("endpoint", s.endpoint);
    v("tfidf", s.tfidf);
  }
};

/// What embedding met on its way.
struct EmbedReport {
  std::int64_t n_texts = 0;
  std::int64_t n_tokens = 0;
  std::int64_t n_truncated = 0;  ///< Texts longer than the model's limit.
  /// What an encoder computed in; unset for models that multiply nothing.
  std::optional<Precision> precision = {};

  EmbedReport& operator+=(const EmbedReport& more) {
    n_texts += more.n_texts;
    n_tokens += more.n_tokens;
    n_truncated += more.n_truncated;
    if (!precision) precision = more.precision;
    return *this;
  }
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
  /// texts. A local model gives a text the same bits whatever the other texts and the threads are.
  [[nodiscard]] virtual Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                                  RunContext& run) const = 0;
};

/// Opens the model that `options.model` names (see `find_model`) as an encoder or a static model.
/// @error model subject: not_found with the places that were searched, parse, schema, unsupported.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_embedder(const EmbedOptions& options,
                                                              RunContext& run);

/// True for `openai:NAME` and whenever an endpoint's address is given.
[[nodiscard]] bool is_endpoint(const EmbedOptions& options);

/// The options as a file may keep them: the endpoint's address without user, password and query, of
/// which only `api-version` stays. `open_endpoint` finds the rest again in `OPENAI_BASE_URL` when
/// that names the same place.
[[nodiscard]] EmbedOptions storable_options(EmbedOptions options);

/// A model behind an OpenAI-compatible `/v1/embeddings`; one request learns the vectors' length.
/// The key comes from the environment variable that the options name and appears nowhere else.
/// Blank texts are sent as one space.
/// @error option subject: address, key or `max_length` (tokens cannot be counted from here); model
///        subject: what the server answered instead of vectors; cancelled.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_endpoint(const EmbedOptions& options,
                                                              RunContext& run);

/// A transformer encoder run by OpenVINO from a Hugging Face folder: `config.json` (model_type
/// bert, distilbert, roberta, xlm-roberta, camembert, mpnet, modernbert, gemma3_text or qwen3),
/// `tokenizer.json`, the weights (`model.safetensors`, or its shards, in f32, f16 or bf16) or an
/// exported network (`openvino_model.xml`, `model.onnx`, also one folder below), and, when present,
/// `modules.json` with Pooling, Dense, LayerNorm and Normalize,
/// `config_sentence_transformers.json` (prompts) and `sentence_bert_config.json`.
/// @error option subject when `precision` is bf16 and the CPU does not have it.
/// @peer  sentence-transformers: cosine >= 0.99999, max abs difference <= 2e-5 in f32;
///        docs/decisions/0010 has the figures of bf16 and int8.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_encoder(const std::filesystem::path& folder,
                                                             const EmbedOptions& options);

/// A static model in model2vec's layout: `model.safetensors` (`embeddings`, optional `weights`,
/// `mapping`), `tokenizer.json`, `config.json`. The mean of token vectors; unknown tokens dropped;
/// a text without tokens gives the zero vector. sentence-transformers' StaticEmbedding folders are
/// read too. `batch_tokens` and `precision` do not matter here.
/// @peer model2vec 0.10.0 `StaticModel.encode`: max abs difference 1e-6 for float32 and int8
/// models;
///       for float16 models the peer also rounds its result to half precision, we do not.
[[nodiscard]] Result<std::unique_ptr<Embedder>> open_static(const std::filesystem::path& folder,
                                                            const EmbedOptions& options);

}  // namespace topograph
