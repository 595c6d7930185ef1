#include "embed/encoder/learned_layers.hpp"

#include <fmt/format.h>

#include <openvino/op/parameter.hpp>
#include <utility>

namespace topograph::detail::graph {
namespace {

/// No text has a second segment, so the vector of token type 0 belongs to every position.
Weight add_first_type(const Weight& positions, const Weight& types) {
  const std::size_t width = positions.shape[1];
  std::vector<float> sum(positions.data, positions.data + positions.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += types.data[i % width];
  return own_weight(positions.shape, std::move(sum));
}

Result<Node> self_attention(const Node& x, const Node& scores, const NetworkConfig& shape,
                            const LayerNames& names, const std::string& base,
                            const WeightReader& weights) {
  const std::size_t hidden = shape.hidden_size;
  const std::size_t width = hidden / shape.n_heads;
  TG_TRY(const auto query, weights.linear(base + names.query, hidden, hidden));
  TG_TRY(const auto key, weights.linear(base + names.key, hidden, hidden));
  TG_TRY(const auto value, weights.linear(base + names.value, hidden, hidden));
  TG_TRY(const auto output, weights.linear(base + names.attention_output, hidden, hidden));
  const auto by_head = [&](const LinearWeights& projection) {
    return split_heads(linear(x, projection), shape.n_heads, width);
  };
  const Node mixed = attention(by_head(query), by_head(key), by_head(value), scores);
  return linear(join_heads(mixed, shape.n_heads, width), output);
}

}  // namespace

Result<Node> learned_embeddings(const Inputs& inputs, const NetworkConfig& shape,
                                const WeightReader& weights) {
  const auto& learned = std::get<LearnedPositions>(shape.positions);
  const std::size_t hidden = shape.hidden_size;
  TG_TRY(const auto words,
         weights.read("embeddings.word_embeddings.weight", {shape.vocabulary_size, hidden}));
  TG_TRY(auto positions,
         weights.read("embeddings.position_embeddings.weight", {learned.n_rows, hidden}));
  if (learned.n_token_types > 0) {
    TG_TRY(const auto types, weights.read("embeddings.token_type_embeddings.weight",
                                          {learned.n_token_types, hidden}));
    positions = add_first_type(positions, types);
  }
  TG_TRY(const auto norm, weights.norm("embeddings.LayerNorm", hidden));
  const Node places = learned.padding_id ? counted_positions(inputs.ids, *learned.padding_id)
                                         : token_range(inputs.ids);
  const Node sum = add(lookup(words, inputs.ids), lookup(positions, places));
  return named(layer_norm(sum, norm, shape.norm_epsilon), "embeddings");
}

Result<Node> learned_layers(Node x, const Node& scores, const NetworkConfig& shape,
                            const LayerNames& names, const WeightReader& weights) {
  const std::size_t hidden = shape.hidden_size;
  const std::size_t wide = shape.intermediate_size;
  for (std::size_t layer = 0; layer < shape.n_layers; ++layer) {
    const std::string base = fmt::format("{}.{}.", names.layers, layer);
    TG_TRY(const auto attention_norm, weights.norm(base + names.attention_norm, hidden));
    TG_TRY(const auto intermediate, weights.linear(base + names.intermediate, wide, hidden));
    TG_TRY(const auto output, weights.linear(base + names.output, hidden, wide));
    TG_TRY(const auto output_norm, weights.norm(base + names.output_norm, hidden));
    TG_TRY(const Node mixed, self_attention(x, scores, shape, names, base, weights));
    const Node middle = layer_norm(add(mixed, x), attention_norm, shape.norm_epsilon);
    const Node deep = linear(activate(linear(middle, intermediate), shape.activation), output);
    x = named(layer_norm(add(deep, middle), output_norm, shape.norm_epsilon),
              fmt::format("layer.{}", layer));
  }
  return x;
}

}  // namespace topograph::detail::graph
