#include "embed/encoder/bert_graph.hpp"

#include <cstdint>
#include <limits>
#include <openvino/op/add.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/equal.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/gelu.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/mvn.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/range.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/scaled_dot_product_attention.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/op/unsqueeze.hpp>
#include <vector>

namespace topograph::detail {
namespace {

using Node = ov::Output<ov::Node>;
namespace op = ov::op;

Node constant(const Weight& weight) {
  return std::make_shared<op::v0::Constant>(ov::element::f32, ov::Shape(weight.shape), weight.data,
                                            weight.owner);
}

Node integers(const std::vector<std::int64_t>& values) {
  return op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

Node zero() { return op::v0::Constant::create(ov::element::i64, ov::Shape{}, {0}); }

/// 0, 1, 2 … up to the number of tokens in the batch.
Node token_positions(const Node& ids) {
  const auto shape = std::make_shared<op::v3::ShapeOf>(ids, ov::element::i32);
  const auto one = op::v0::Constant::create(ov::element::i32, ov::Shape{}, {1});
  const auto from = op::v0::Constant::create(ov::element::i32, ov::Shape{}, {0});
  const auto n_tokens = std::make_shared<op::v8::Gather>(shape, one, zero());
  return std::make_shared<op::v4::Range>(from, n_tokens, one, ov::element::i32);
}

/// What is added to attention scores (batch, 1, 1, tokens): -inf for padding, whose softmax weight
/// is then exactly zero.
Node padding_scores(const Node& mask) {
  const auto none = op::v0::Constant::create(ov::element::i32, ov::Shape{}, {0});
  const auto is_padding = std::make_shared<op::v1::Equal>(mask, none);
  const auto hidden = op::v0::Constant::create(ov::element::f32, ov::Shape{},
                                               {-std::numeric_limits<float>::infinity()});
  const auto seen = op::v0::Constant::create(ov::element::f32, ov::Shape{}, {0.0F});
  const auto scores = std::make_shared<op::v1::Select>(is_padding, hidden, seen);
  return std::make_shared<op::v0::Unsqueeze>(scores, integers({1, 2}));
}

Node linear(const Node& x, const LinearWeights& weights) {
  const auto product =
      std::make_shared<op::v0::MatMul>(x, constant(weights.weight), /*transpose_a=*/false,
                                       /*transpose_b=*/true);
  return std::make_shared<op::v1::Add>(product, constant(weights.bias));
}

Node layer_norm(const Node& x, const NormWeights& weights, double epsilon) {
  const auto scaled =
      std::make_shared<op::v6::MVN>(x, integers({-1}), /*normalize_variance=*/true,
                                    static_cast<float>(epsilon), op::MVNEpsMode::INSIDE_SQRT);
  const auto stretched = std::make_shared<op::v1::Multiply>(scaled, constant(weights.gamma));
  return std::make_shared<op::v1::Add>(stretched, constant(weights.beta));
}

Node activate(const Node& x, Activation activation) {
  switch (activation) {
    case Activation::gelu_tanh:
      return std::make_shared<op::v7::Gelu>(x, op::GeluApproximationMode::TANH);
    case Activation::relu: return std::make_shared<op::v0::Relu>(x);
    case Activation::gelu: break;
  }
  return std::make_shared<op::v7::Gelu>(x, op::GeluApproximationMode::ERF);
}

Node attention(const Node& x, const Node& mask, const BertLayerWeights& weights,
               const EncoderConfig& config) {
  const auto heads = static_cast<std::int64_t>(config.n_heads);
  const auto width = static_cast<std::int64_t>(config.hidden_size / config.n_heads);
  const Node split = integers({0, 0, heads, width});
  const Node swap = integers({0, 2, 1, 3});
  const auto by_head = [&](const LinearWeights& projection) -> Node {
    const auto parts =
        std::make_shared<op::v1::Reshape>(linear(x, projection), split, /*special_zero=*/true);
    return std::make_shared<op::v1::Transpose>(parts, swap);
  };
  const auto mixed = std::make_shared<op::v13::ScaledDotProductAttention>(
      by_head(weights.query), by_head(weights.key), by_head(weights.value), mask, /*causal=*/false);
  const auto rows = std::make_shared<op::v1::Transpose>(mixed, swap);
  const Node joined = std::make_shared<op::v1::Reshape>(rows, integers({0, 0, heads * width}),
                                                        /*special_zero=*/true);
  return linear(joined, weights.attention_output);
}

Node encoder_layer(const Node& x, const Node& mask, const BertLayerWeights& weights,
                   const EncoderConfig& config) {
  const Node mixed = std::make_shared<op::v1::Add>(attention(x, mask, weights, config), x);
  const Node middle = layer_norm(mixed, weights.attention_norm, config.layer_norm_epsilon);
  const Node wide = activate(linear(middle, weights.intermediate), config.activation);
  const Node sum = std::make_shared<op::v1::Add>(linear(wide, weights.output), middle);
  return layer_norm(sum, weights.output_norm, config.layer_norm_epsilon);
}

}  // namespace

EncoderGraph build_bert_graph(const EncoderConfig& config, const BertWeights& weights) {
  const auto ids = std::make_shared<op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, -1});
  const auto mask = std::make_shared<op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, -1});
  const auto words = std::make_shared<op::v8::Gather>(constant(weights.words), ids, zero());
  const auto places =
      std::make_shared<op::v8::Gather>(constant(weights.positions), token_positions(ids), zero());
  Node x = std::make_shared<op::v1::Add>(words, places);
  x = layer_norm(x, weights.embedding_norm, config.layer_norm_epsilon);
  const Node scores = padding_scores(mask);
  for (const BertLayerWeights& layer : weights.layers) x = encoder_layer(x, scores, layer, config);
  const auto result = std::make_shared<op::v0::Result>(x);
  return {.model = std::make_shared<ov::Model>(ov::ResultVector{result},
                                               ov::ParameterVector{ids, mask}, "bert"),
          .ids = 0,
          .mask = 1};
}

}  // namespace topograph::detail
