#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "embed/encoder/encoder_head.hpp"
#include "embed/prompts.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

enum class Activation : std::uint8_t { gelu, gelu_tanh, relu, silu };

/// BERT and its relatives: every position has a learnt vector, layers are normalised at their end.
struct LearnedPositions {
  std::size_t n_rows = 0;  ///< Of the table of positions.
  /// RoBERTa, MPNet: positions are counted from this id + 1, and tokens that have it are skipped.
  std::optional<std::int32_t> padding_id = {};
  std::size_t n_token_types = 0;       ///< 0: the network knows no segments.
  std::size_t n_relative_buckets = 0;  ///< MPNet: distances that have a bias of their own.
};

/// How a layer of a network with rotary positions sees its neighbours.
struct RotaryLayer {
  double theta = 10000;                   ///< Base of the wave lengths.
  double stretch = 1;                     ///< Positions are divided by it.
  std::optional<std::size_t> reach = {};  ///< Farthest token that is seen; unset: all.
  [[nodiscard]] bool operator==(const RotaryLayer&) const = default;
};

/// ModernBERT, Gemma 3 and Qwen 3: queries and keys are turned by their position, layers are
/// normalised at their beginning and have a gated wide part.
struct RotaryPositions {
  std::size_t n_key_heads = 0;
  std::size_t head_size = 0;
  std::optional<double> score_scale = {};  ///< Unset: 1 / sqrt(head_size).
  bool is_causal = false;                  ///< A token sees itself and those before it.
  bool has_attention_bias = false;
  bool has_mlp_bias = false;
  bool has_norm_bias = false;
  std::vector<RotaryLayer> layers = {};
};

/// What config.json says of the network; every number is checked.
struct NetworkConfig {
  std::string architecture = {};  ///< "BertModel" …
  std::string model_type = {};    ///< "bert", "xlm-roberta" …
  std::size_t hidden_size = 0;
  std::size_t n_layers = 0;
  std::size_t n_heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t vocabulary_size = 0;  ///< 0: an exported graph whose config.json does not say.
  std::size_t max_tokens = 0;       ///< Tokens a text for which there are positions.
  double norm_epsilon = 1e-12;
  Activation activation = Activation::gelu;
  std::variant<LearnedPositions, RotaryPositions> positions = {};
};

/// Where the network comes from.
enum class NetworkSource : std::uint8_t { safetensors, openvino, onnx };

/// A module behind the pooling, as its files describe it.
struct ModuleConfig {
  enum class Kind : std::uint8_t { dense, layer_norm, normalize };
  Kind kind = Kind::normalize;
  std::filesystem::path folder = {};
  std::size_t n_in = 0;
  std::size_t n_out = 0;
  bool has_bias = true;
  DenseActivation activation = DenseActivation::tanh;
};

struct HeadConfig {
  std::vector<PoolingMode> pooling = {PoolingMode::mean};
  bool pools_prompt = true;
  std::vector<ModuleConfig> modules = {};
  std::size_t dimension = 0;  ///< Of the last module, or of the pooling without any.

  [[nodiscard]] bool is_normalized() const {
    return !modules.empty() && modules.back().kind == ModuleConfig::Kind::normalize;
  }
};

/// What the configuration files of a model's folder say.
struct EncoderConfig {
  std::filesystem::path folder = {};   ///< Of the model.
  std::filesystem::path network = {};  ///< Folder of config.json, the weights and the tokenizer.
  NetworkSource source = NetworkSource::safetensors;
  std::filesystem::path graph_file = {};  ///< Of an exported network; empty for safetensors.
  NetworkConfig shape = {};
  std::size_t max_length = 0;  ///< Tokens a text, special tokens included.
  bool lowers_case = false;    ///< Lower case before the tokenizer.
  HeadConfig head = {};
  Prompts prompts = {};
};

/// What a caller may choose instead of what the folder says.
struct EncoderChoice {
  std::optional<NetworkSource> source = {};
  std::vector<PoolingMode> pooling = {};  ///< Empty: the folder's, else the mean.
};

/// Reads config.json and, when present, the sentence-transformers files of the folder. A folder
/// without them is pooled by the mean (a causal network: by the last token), not normalised, and
/// cut at the model's positions.
/// @error model subject: not_found, parse, schema, or unsupported naming what is not known and what
///        is.
[[nodiscard]] Result<EncoderConfig> read_encoder_config(const std::filesystem::path& folder,
                                                        const EncoderChoice& choice = {});

/// The files that hold its numbers: weights, shards, an exported network, Dense and LayerNorm.
[[nodiscard]] Result<std::vector<std::filesystem::path>> weight_files(const EncoderConfig& config);

}  // namespace topograph::detail
