#include "embed/encoder/decoder_weights.hpp"

namespace topograph::detail::graph {

Result<DecoderLayerWeights> read_decoder_layer(const WeightReader& weights, const std::string& base,
                                               const NetworkConfig& shape) {
  const auto& rotary = std::get<RotaryPositions>(shape.positions);
  const std::size_t hidden = shape.hidden_size;
  const std::size_t wide = shape.intermediate_size;
  const std::size_t queries = shape.n_heads * rotary.head_size;
  const std::size_t keys = rotary.n_key_heads * rotary.head_size;
  const bool has_bias = rotary.has_attention_bias;
  const std::string own = base + "self_attn.";
  DecoderLayerWeights layer;
  TG_TRY(layer.attention.query, weights.linear(own + "q_proj", queries, hidden, has_bias));
  TG_TRY(layer.attention.key, weights.linear(own + "k_proj", keys, hidden, has_bias));
  TG_TRY(layer.attention.value, weights.linear(own + "v_proj", keys, hidden, has_bias));
  TG_TRY(layer.attention.output, weights.linear(own + "o_proj", hidden, queries, has_bias));
  TG_TRY(layer.attention.query_norm, weights.read(own + "q_norm.weight", {rotary.head_size}));
  TG_TRY(layer.attention.key_norm, weights.read(own + "k_norm.weight", {rotary.head_size}));
  TG_TRY(layer.gate, weights.linear(base + "mlp.gate_proj", wide, hidden, false));
  TG_TRY(layer.up, weights.linear(base + "mlp.up_proj", wide, hidden, false));
  TG_TRY(layer.down, weights.linear(base + "mlp.down_proj", hidden, wide, false));
  return layer;
}

}  // namespace topograph::detail::graph
