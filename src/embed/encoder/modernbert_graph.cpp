#include <fmt/format.h>

#include <string>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/rotary_layers.hpp"

// ModernBERT: layers that see everything alternate with layers that see their surroundings.
namespace topograph::detail {
namespace {

Result<graph::RotaryAttentionWeights> read_attention(const WeightReader& weights,
                                                     const std::string& base,
                                                     const NetworkConfig& shape) {
  const std::size_t hidden = shape.hidden_size;
  const bool has_bias = std::get<RotaryPositions>(shape.positions).has_attention_bias;
  TG_TRY(const auto joint, weights.linear(base + "Wqkv", 3 * hidden, hidden, has_bias));
  TG_TRY(auto output, weights.linear(base + "Wo", hidden, hidden, has_bias));
  return graph::RotaryAttentionWeights{.query = joint.rows(0, hidden),
                                       .key = joint.rows(hidden, 2 * hidden),
                                       .value = joint.rows(2 * hidden, 3 * hidden),
                                       .output = std::move(output)};
}

}  // namespace

Result<EncoderGraph> build_modernbert(const EncoderConfig& config, const WeightReader& weights) {
  const NetworkConfig& shape = config.shape;
  const auto& rotary = std::get<RotaryPositions>(shape.positions);
  const std::size_t hidden = shape.hidden_size;
  const std::size_t wide = shape.intermediate_size;
  WeightReader reader = weights;
  reader.find_prefix("embeddings.tok_embeddings.weight");
  const auto norm = [&](const std::string& name) {
    return reader.norm(name, hidden, rotary.has_norm_bias);
  };
  const graph::Inputs inputs = graph::inputs();
  TG_TRY(const auto words,
         reader.read("embeddings.tok_embeddings.weight", {shape.vocabulary_size, hidden}));
  TG_TRY(const auto embedding_norm, norm("embeddings.norm"));
  const graph::RotaryAttention attend(inputs, config);
  graph::Node x = graph::named(
      graph::layer_norm(graph::lookup(words, inputs.ids), embedding_norm, shape.norm_epsilon),
      "embeddings");
  for (std::size_t layer = 0; layer < shape.n_layers; ++layer) {
    const std::string base = fmt::format("layers.{}.", layer);
    graph::Node calm = x;  // The first layer gets what the embeddings' norm has just scaled.
    if (layer > 0) {
      TG_TRY(const auto attention_norm, norm(base + "attn_norm"));
      calm = graph::layer_norm(x, attention_norm, shape.norm_epsilon);
    }
    TG_TRY(const auto attention, read_attention(reader, base + "attn.", shape));
    TG_TRY(const auto mlp_norm, norm(base + "mlp_norm"));
    TG_TRY(const auto joint, reader.linear(base + "mlp.Wi", 2 * wide, hidden, rotary.has_mlp_bias));
    TG_TRY(const auto out, reader.linear(base + "mlp.Wo", hidden, wide, rotary.has_mlp_bias));
    x = graph::add(x, attend(calm, layer, attention));
    const graph::Node scaled = graph::layer_norm(x, mlp_norm, shape.norm_epsilon);
    x = graph::named(graph::add(x, graph::gated(scaled, joint.rows(0, wide),
                                                joint.rows(wide, 2 * wide), out, shape.activation)),
                     fmt::format("layer.{}", layer));
  }
  TG_TRY(const auto final_norm, norm("final_norm"));
  return graph::finish(inputs, graph::layer_norm(x, final_norm, shape.norm_epsilon),
                       shape.model_type);
}

}  // namespace topograph::detail
