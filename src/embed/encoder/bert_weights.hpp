#pragma once

#include <memory>
#include <string>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "topograph/core/container.hpp"

namespace topograph::detail {

/// One float32 array of the network, either borrowed from the mapped file or converted.
struct Weight {
  std::vector<std::size_t> shape = {};
  const float* data = nullptr;
  std::shared_ptr<void> owner = {};  ///< Keeps `data` alive.
};

/// `y = x W^T + b`.
struct LinearWeights {
  Weight weight = {};
  Weight bias = {};
};

/// Scale and shift after centring and scaling a row.
struct NormWeights {
  Weight gamma = {};
  Weight beta = {};
};

struct BertLayerWeights {
  LinearWeights query = {};
  LinearWeights key = {};
  LinearWeights value = {};
  LinearWeights attention_output = {};
  NormWeights attention_norm = {};
  LinearWeights intermediate = {};
  LinearWeights output = {};
  NormWeights output_norm = {};
};

struct BertWeights {
  Weight words = {};      ///< (vocabulary, hidden)
  Weight positions = {};  ///< (positions, hidden), the vector of token type 0 added.
  NormWeights embedding_norm = {};
  std::vector<BertLayerWeights> layers = {};
};

/// Reads model.safetensors; names may carry the prefix `bert.`.
/// @error model subject: not_found, parse, or schema naming the array, what shape was expected and
///        what was found; also values that are not finite.
[[nodiscard]] Result<BertWeights> read_bert_weights(const EncoderConfig& config);

}  // namespace topograph::detail
