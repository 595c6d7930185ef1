#pragma once

#include <cstddef>
#include <cstdint>
#include <openvino/core/node_output.hpp>
#include <openvino/op/parameter.hpp>
#include <optional>
#include <string>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/encoder_graph.hpp"
#include "embed/encoder/weight_reader.hpp"

/// The vocabulary in which networks are written. Hidden states are (batch, tokens, width); a part
/// of attention is (batch, heads, tokens, width). A malformed part ends in an ov::Exception, which
/// build_encoder_graph turns into an error.
namespace topograph::detail::graph {

using Node = ov::Output<ov::Node>;

/// Token ids and the mask (1: a token, 0: padding), both (batch, tokens) i32.
struct Inputs {
  std::shared_ptr<ov::op::v0::Parameter> ids = {};
  std::shared_ptr<ov::op::v0::Parameter> mask = {};
};
[[nodiscard]] Inputs inputs();
[[nodiscard]] EncoderGraph finish(const Inputs& inputs, const Node& states,
                                  const std::string& name);
/// Gives a node the name under which tests find it.
[[nodiscard]] Node named(const Node& node, const std::string& name);

[[nodiscard]] Node constant(const Weight& weight);
[[nodiscard]] Node integers(const std::vector<std::int64_t>& values);
[[nodiscard]] Node add(const Node& a, const Node& b);
[[nodiscard]] Node multiply(const Node& a, const Node& b);
/// Rows of `table` (rows, width) at `ids`.
[[nodiscard]] Node lookup(const Weight& table, const Node& ids);

/// A plain MatMul with a constant, and the bias when there is one.
[[nodiscard]] Node linear(const Node& x, const LinearWeights& weights);
[[nodiscard]] Node layer_norm(const Node& x, const NormWeights& weights, double epsilon);
/// x / sqrt(mean(x^2) + epsilon) * gamma
[[nodiscard]] Node rms_norm(const Node& x, const Weight& gamma, double epsilon);
[[nodiscard]] Node activate(const Node& x, Activation activation);
/// out(activation(gate(x)) * up(x))
[[nodiscard]] Node gated(const Node& x, const LinearWeights& gate, const LinearWeights& up,
                         const LinearWeights& out, Activation activation);

/// 0, 1, 2 … up to the number of tokens in the batch: (tokens) i32.
[[nodiscard]] Node token_range(const Node& ids);
/// first, first + 1 … for the tokens of each text that are not `padding_id`, which itself gets
/// first - 1: (batch, tokens) i32.
[[nodiscard]] Node counted_positions(const Node& ids, std::int32_t padding_id);

/// Which keys a query does not see, beside padding.
struct Sight {
  std::optional<std::size_t> reach = {};  ///< Farthest key; unset: any.
  bool is_causal = false;                 ///< Keys after the query are hidden.
};
/// Added to attention scores: 0 where a key is seen and -1e30 where not, whose softmax weight is
/// exactly zero. (batch, 1, 1, tokens), or (batch, 1, tokens, tokens) when it depends on the query.
[[nodiscard]] Node hidden_scores(const Inputs& inputs, const Sight& sight);

[[nodiscard]] Node split_heads(const Node& x, std::size_t n_heads, std::size_t width);
[[nodiscard]] Node join_heads(const Node& x, std::size_t n_heads, std::size_t width);
/// Every head n_times in a row: keys that several queries share.
[[nodiscard]] Node repeat_heads(const Node& x, std::size_t n_heads, std::size_t n_times);
/// softmax(query key^T * scale + scores) value; without a scale it is 1 / sqrt(width).
[[nodiscard]] Node attention(const Node& query, const Node& key, const Node& value,
                             const Node& scores, std::optional<double> scale = {});

/// Cosines and sines of position * wave number, (tokens, head width / 2) each.
struct Turns {
  Node cosine = {};
  Node sine = {};
};
/// Tables for `n_rows` positions, of which the batch's are taken.
[[nodiscard]] Turns turns(const Node& ids, const RotaryLayer& layer, std::size_t n_rows,
                          std::size_t width);
/// Turns the pairs (i, i + width / 2) of each head by their position.
[[nodiscard]] Node rotate(const Node& x, const Turns& turns);

}  // namespace topograph::detail::graph
