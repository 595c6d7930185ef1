#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/decoder_weights.hpp"

// Gemma 3's text encoder (EmbeddingGemma): four norms a layer, words scaled by the root of the
// width, layers that see their surroundings and layers that see everything.
namespace topograph::detail {
namespace {

/// Gemma stores the distance of a scale from 1.
Weight plus_one(const Weight& weight) {
  std::vector<float> values(weight.data, weight.data + weight.size());
  for (float& value : values) value += 1.0F;
  return own_weight(weight.shape, std::move(values));
}

}  // namespace

Result<EncoderGraph> build_gemma3(const EncoderConfig& config, const WeightReader& weights) {
  const NetworkConfig& shape = config.shape;
  const std::size_t hidden = shape.hidden_size;
  WeightReader reader = weights;
  reader.find_prefix("embed_tokens.weight");
  const auto normed = [&](const graph::Node& x, const std::string& name) -> Result<graph::Node> {
    TG_TRY(const auto gamma, reader.read(name + ".weight", {hidden}));
    return graph::rms_norm(x, plus_one(gamma), shape.norm_epsilon);
  };
  const graph::Inputs inputs = graph::inputs();
  TG_TRY(const auto words, reader.read("embed_tokens.weight", {shape.vocabulary_size, hidden}));
  const graph::RotaryAttention attend(inputs, config);
  const auto root = static_cast<float>(std::sqrt(static_cast<double>(hidden)));
  graph::Node x = graph::named(
      graph::multiply(graph::lookup(words, inputs.ids), graph::constant(own_weight({1}, {root}))),
      "embeddings");
  for (std::size_t i = 0; i < shape.n_layers; ++i) {
    const std::string base = fmt::format("layers.{}.", i);
    TG_TRY(auto layer, graph::read_decoder_layer(reader, base, shape));
    layer.attention.query_norm = plus_one(layer.attention.query_norm);
    layer.attention.key_norm = plus_one(layer.attention.key_norm);
    TG_TRY(const auto before, normed(x, base + "input_layernorm"));
    TG_TRY(const auto mixed, normed(attend(before, i, layer.attention),  //
                                    base + "post_attention_layernorm"));
    x = graph::add(x, mixed);
    TG_TRY(const auto middle, normed(x, base + "pre_feedforward_layernorm"));
    const auto deep = graph::gated(middle, layer.gate, layer.up, layer.down, shape.activation);
    TG_TRY(const auto after, normed(deep, base + "post_feedforward_layernorm"));
    x = graph::named(graph::add(x, after), fmt::format("layer.{}", i));
  }
  TG_TRY(const auto states, normed(x, "norm"));
  return graph::finish(inputs, states, shape.model_type);
}

}  // namespace topograph::detail
