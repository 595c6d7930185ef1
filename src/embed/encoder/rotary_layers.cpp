#include "embed/encoder/rotary_layers.hpp"

#include <algorithm>

namespace topograph::detail::graph {

RotaryAttention::RotaryAttention(Inputs inputs, const EncoderConfig& config)
    : shape_(&config.shape), rotary_(&std::get<RotaryPositions>(config.shape.positions)) {
  for (const RotaryLayer& layer : rotary_->layers) {
    auto known = std::ranges::find(kinds_, layer, &Kind::layer);
    if (known == kinds_.end()) {
      const Sight sight{.reach = layer.reach, .is_causal = rotary_->is_causal};
      kinds_.push_back({layer, hidden_scores(inputs, sight),
                        graph::turns(inputs.ids, layer, config.max_length, rotary_->head_size)});
      known = kinds_.end() - 1;
    }
    kind_of_.push_back(static_cast<std::size_t>(known - kinds_.begin()));
  }
}

Node RotaryAttention::operator()(const Node& x, std::size_t layer,
                                 const RotaryAttentionWeights& weights) const {
  const Kind& kind = kinds_[kind_of_[layer]];
  const std::size_t n_keys = rotary_->n_key_heads;
  const std::size_t width = rotary_->head_size;
  const auto turned = [&](const LinearWeights& projection, const Weight& norm,
                          std::size_t n_heads) {
    const Node heads = split_heads(linear(x, projection), n_heads, width);
    const bool is_plain = norm.data == nullptr;
    return rotate(is_plain ? heads : rms_norm(heads, norm, shape_->norm_epsilon), kind.turns);
  };
  const std::size_t n_shared = shape_->n_heads / n_keys;
  const Node query = turned(weights.query, weights.query_norm, shape_->n_heads);
  const Node key = repeat_heads(turned(weights.key, weights.key_norm, n_keys), n_keys, n_shared);
  const Node value =
      repeat_heads(split_heads(linear(x, weights.value), n_keys, width), n_keys, n_shared);
  const Node mixed = attention(query, key, value, kind.scores, rotary_->score_scale);
  return linear(join_heads(mixed, shape_->n_heads, width), weights.output);
}

}  // namespace topograph::detail::graph
