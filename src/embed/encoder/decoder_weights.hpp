#pragma once

#include <string>

#include "embed/encoder/rotary_layers.hpp"

namespace topograph::detail::graph {

/// The arrays that a layer of Gemma 3 and of Qwen 3 have in common.
struct DecoderLayerWeights {
  RotaryAttentionWeights attention = {};
  LinearWeights gate = {};
  LinearWeights up = {};
  LinearWeights down = {};
};

/// @param base  "layers.7."
[[nodiscard]] Result<DecoderLayerWeights> read_decoder_layer(const WeightReader& weights,
                                                             const std::string& base,
                                                             const NetworkConfig& shape);

}  // namespace topograph::detail::graph
