#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "embed/encoder/pooling.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

enum class Activation : std::uint8_t { gelu, gelu_tanh, relu };

/// What the configuration files of a BERT folder say; every number is checked.
struct EncoderConfig {
  std::filesystem::path folder = {};
  std::string architecture = {};
  std::size_t hidden_size = 0;
  std::size_t n_layers = 0;
  std::size_t n_heads = 0;
  std::size_t intermediate_size = 0;
  std::size_t max_positions = 0;
  std::size_t n_token_types = 0;
  std::size_t vocabulary_size = 0;
  double layer_norm_epsilon = 1e-12;
  Activation activation = Activation::gelu;
  std::size_t max_length = 0;  ///< Tokens a text, special tokens included.
  std::vector<PoolingMode> pooling = {};
  bool is_normalized = false;

  [[nodiscard]] std::size_t dimension() const { return hidden_size * pooling.size(); }
};

/// Reads config.json and, when present, the sentence-transformers files beside it. A folder without
/// them is pooled by the mean, not normalised, and cut at the model's positions.
/// @error model subject: not_found, parse, schema, or unsupported naming what is not known.
[[nodiscard]] Result<EncoderConfig> read_encoder_config(const std::filesystem::path& folder);

/// "mean", "cls+mean" …
[[nodiscard]] std::string pooling_name(const std::vector<PoolingMode>& modes);

}  // namespace topograph::detail
