#include "embed/encoder/graph_pieces.hpp"

#include <openvino/op/abs.hpp>
#include <openvino/op/add.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/cum_sum.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/gelu.hpp>
#include <openvino/op/less_eq.hpp>
#include <openvino/op/logical_and.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/mvn.hpp>
#include <openvino/op/not_equal.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/power.hpp>
#include <openvino/op/range.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/sqrt.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/swish.hpp>
#include <openvino/op/unsqueeze.hpp>

namespace topograph::detail::graph {
namespace op = ov::op;
namespace {

/// Far below any score, and still a finite number in bfloat16: a row of padding that sees nothing
/// stays finite.
constexpr float kHidden = -1e30F;

Node scalar(float value) {
  return op::v0::Constant::create(ov::element::f32, ov::Shape{}, {value});
}

Node whole(std::int32_t value) {
  return op::v0::Constant::create(ov::element::i32, ov::Shape{}, {value});
}

Node first_axis() { return op::v0::Constant::create(ov::element::i64, ov::Shape{}, {0}); }

Node less_equal(const Node& a, const Node& b) { return std::make_shared<op::v1::LessEqual>(a, b); }

Node both(const Node& a, const Node& b) { return std::make_shared<op::v1::LogicalAnd>(a, b); }

}  // namespace

Inputs inputs() {
  // The names of exported networks: what is written from this graph can be read again.
  const auto whole_numbers = [](const std::string& name) {
    auto input = std::make_shared<op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, -1});
    input->output(0).set_names({name});
    input->set_friendly_name(name);
    return input;
  };
  return {whole_numbers("input_ids"), whole_numbers("attention_mask")};
}

EncoderGraph finish(const Inputs& inputs, const Node& states, const std::string& name) {
  const auto result = std::make_shared<op::v0::Result>(states);
  return {.model = std::make_shared<ov::Model>(ov::ResultVector{result},
                                               ov::ParameterVector{inputs.ids, inputs.mask}, name),
          .ids = 0,
          .mask = 1};
}

Node named(const Node& node, const std::string& name) {
  node.get_node()->set_friendly_name(name);
  return node;
}

Node constant(const Weight& weight) {
  return std::make_shared<op::v0::Constant>(ov::element::f32, ov::Shape(weight.shape), weight.data,
                                            weight.owner);
}

Node integers(const std::vector<std::int64_t>& values) {
  return op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

Node add(const Node& a, const Node& b) { return std::make_shared<op::v1::Add>(a, b); }

Node multiply(const Node& a, const Node& b) { return std::make_shared<op::v1::Multiply>(a, b); }

Node lookup(const Weight& table, const Node& ids) {
  return std::make_shared<op::v8::Gather>(constant(table), ids, first_axis());
}

Node linear(const Node& x, const LinearWeights& weights) {
  const Node product =
      std::make_shared<op::v0::MatMul>(x, constant(weights.weight), /*transpose_a=*/false,
                                       /*transpose_b=*/true);
  return weights.bias.data == nullptr ? product : add(product, constant(weights.bias));
}

Node layer_norm(const Node& x, const NormWeights& weights, double epsilon) {
  const auto scaled =
      std::make_shared<op::v6::MVN>(x, integers({-1}), /*normalize_variance=*/true,
                                    static_cast<float>(epsilon), op::MVNEpsMode::INSIDE_SQRT);
  const Node stretched = multiply(scaled, constant(weights.gamma));
  return weights.beta.data == nullptr ? stretched : add(stretched, constant(weights.beta));
}

Node rms_norm(const Node& x, const Weight& gamma, double epsilon) {
  const auto squares = std::make_shared<op::v1::Power>(x, scalar(2.0F));
  const auto mean =
      std::make_shared<op::v1::ReduceMean>(squares, integers({-1}), /*keep_dims=*/true);
  const auto root = std::make_shared<op::v0::Sqrt>(add(mean, scalar(static_cast<float>(epsilon))));
  const auto inverse = std::make_shared<op::v1::Divide>(scalar(1.0F), root);
  return multiply(constant(gamma), multiply(x, inverse));
}

Node activate(const Node& x, Activation activation) {
  switch (activation) {
    case Activation::gelu_tanh:
      return std::make_shared<op::v7::Gelu>(x, op::GeluApproximationMode::TANH);
    case Activation::relu: return std::make_shared<op::v0::Relu>(x);
    case Activation::silu: return std::make_shared<op::v4::Swish>(x);
    case Activation::gelu: break;
  }
  return std::make_shared<op::v7::Gelu>(x, op::GeluApproximationMode::ERF);
}

Node gated(const Node& x, const LinearWeights& gate, const LinearWeights& up,
           const LinearWeights& out, Activation activation) {
  return linear(multiply(activate(linear(x, gate), activation), linear(x, up)), out);
}

Node token_range(const Node& ids) {
  const auto shape = std::make_shared<op::v3::ShapeOf>(ids, ov::element::i32);
  const auto n_tokens = std::make_shared<op::v8::Gather>(shape, whole(1), first_axis());
  return std::make_shared<op::v4::Range>(whole(0), n_tokens, whole(1), ov::element::i32);
}

Node counted_positions(const Node& ids, std::int32_t padding_id) {
  const Node is_token = std::make_shared<op::v0::Convert>(
      std::make_shared<op::v1::NotEqual>(ids, whole(padding_id)), ov::element::i32);
  const auto along_text = op::v0::Constant::create(ov::element::i64, ov::Shape{}, {1});
  const Node count = std::make_shared<op::v0::CumSum>(is_token, along_text);
  return add(multiply(count, is_token), whole(padding_id));
}

Node hidden_scores(const Inputs& inputs, const Sight& sight) {
  const auto is_token = std::make_shared<op::v1::NotEqual>(inputs.mask, whole(0));
  Node is_seen = std::make_shared<op::v0::Unsqueeze>(is_token, integers({1, 2}));
  if (sight.reach || sight.is_causal) {
    const Node place = token_range(inputs.ids);
    const auto key = std::make_shared<op::v0::Unsqueeze>(place, integers({0}));
    const auto query = std::make_shared<op::v0::Unsqueeze>(place, integers({1}));
    const Node ahead = std::make_shared<op::v1::Subtract>(key, query);
    if (sight.is_causal) is_seen = both(is_seen, less_equal(ahead, whole(0)));
    if (sight.reach) {
      const auto reach = static_cast<std::int32_t>(*sight.reach);
      is_seen = both(is_seen, less_equal(std::make_shared<op::v0::Abs>(ahead), whole(reach)));
    }
  }
  return std::make_shared<op::v1::Select>(is_seen, scalar(0.0F), scalar(kHidden));
}

}  // namespace topograph::detail::graph
