#include <fmt/format.h>

#include <string>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/decoder_weights.hpp"

// Qwen 3: a decoder whose last token has seen the whole text.
namespace topograph::detail {

Result<EncoderGraph> build_qwen3(const EncoderConfig& config, const WeightReader& weights) {
  const NetworkConfig& shape = config.shape;
  const std::size_t hidden = shape.hidden_size;
  WeightReader reader = weights;
  reader.find_prefix("embed_tokens.weight");
  const graph::Inputs inputs = graph::inputs();
  TG_TRY(const auto words, reader.read("embed_tokens.weight", {shape.vocabulary_size, hidden}));
  const graph::RotaryAttention attend(inputs, config);
  graph::Node x = graph::named(graph::lookup(words, inputs.ids), "embeddings");
  for (std::size_t i = 0; i < shape.n_layers; ++i) {
    const std::string base = fmt::format("layers.{}.", i);
    TG_TRY(const auto layer, graph::read_decoder_layer(reader, base, shape));
    TG_TRY(const auto first, reader.read(base + "input_layernorm.weight", {hidden}));
    TG_TRY(const auto second, reader.read(base + "post_attention_layernorm.weight", {hidden}));
    x = graph::add(x, attend(graph::rms_norm(x, first, shape.norm_epsilon), i, layer.attention));
    const graph::Node scaled = graph::rms_norm(x, second, shape.norm_epsilon);
    x = graph::named(
        graph::add(x, graph::gated(scaled, layer.gate, layer.up, layer.down, shape.activation)),
        fmt::format("layer.{}", i));
  }
  TG_TRY(const auto last, reader.read("norm.weight", {hidden}));
  return graph::finish(inputs, graph::rms_norm(x, last, shape.norm_epsilon), shape.model_type);
}

}  // namespace topograph::detail
