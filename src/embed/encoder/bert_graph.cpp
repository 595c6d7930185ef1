#include "embed/encoder/architectures.hpp"
#include "embed/encoder/learned_layers.hpp"

// BERT, and those that differ from it by the names of their arrays only.
namespace topograph::detail {
namespace {

Result<EncoderGraph> build(const EncoderConfig& config, WeightReader weights,
                           const graph::LayerNames& names) {
  weights.find_prefix("embeddings.word_embeddings.weight");
  const graph::Inputs inputs = graph::inputs();
  TG_TRY(const auto x, graph::learned_embeddings(inputs, config.shape, weights));
  const graph::Node scores = graph::hidden_scores(inputs, {});
  TG_TRY(const auto states, graph::learned_layers(x, scores, config.shape, names, weights));
  return graph::finish(inputs, states, config.shape.model_type);
}

}  // namespace

Result<EncoderGraph> build_bert(const EncoderConfig& config, const WeightReader& weights) {
  return build(config, weights,
               {.layers = "encoder.layer",
                .query = "attention.self.query",
                .key = "attention.self.key",
                .value = "attention.self.value",
                .attention_output = "attention.output.dense",
                .attention_norm = "attention.output.LayerNorm",
                .intermediate = "intermediate.dense",
                .output = "output.dense",
                .output_norm = "output.LayerNorm"});
}

Result<EncoderGraph> build_distilbert(const EncoderConfig& config, const WeightReader& weights) {
  return build(config, weights,
               {.layers = "transformer.layer",
                .query = "attention.q_lin",
                .key = "attention.k_lin",
                .value = "attention.v_lin",
                .attention_output = "attention.out_lin",
                .attention_norm = "sa_layer_norm",
                .intermediate = "ffn.lin1",
                .output = "ffn.lin2",
                .output_norm = "output_layer_norm"});
}

}  // namespace topograph::detail
