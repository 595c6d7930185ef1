#include <cmath>
#include <openvino/op/concat.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/scaled_dot_product_attention.hpp>
#include <openvino/op/split.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/transpose.hpp>

#include "embed/encoder/graph_pieces.hpp"

namespace topograph::detail::graph {
namespace op = ov::op;

Node split_heads(const Node& x, std::size_t n_heads, std::size_t width) {
  const auto shape = integers({0, 0, static_cast<std::int64_t>(n_heads),  //
                               static_cast<std::int64_t>(width)});
  const auto parts = std::make_shared<op::v1::Reshape>(x, shape, /*special_zero=*/true);
  return std::make_shared<op::v1::Transpose>(parts, integers({0, 2, 1, 3}));
}

Node join_heads(const Node& x, std::size_t n_heads, std::size_t width) {
  const auto rows = std::make_shared<op::v1::Transpose>(x, integers({0, 2, 1, 3}));
  return std::make_shared<op::v1::Reshape>(
      rows, integers({0, 0, static_cast<std::int64_t>(n_heads * width)}), /*special_zero=*/true);
}

Node repeat_heads(const Node& x, std::size_t n_heads, std::size_t n_times) {
  if (n_times == 1) return x;
  std::vector<std::int64_t> heads;
  for (std::size_t i = 0; i < n_heads * n_times; ++i) {
    heads.push_back(static_cast<std::int64_t>(i / n_times));
  }
  const auto axis = op::v0::Constant::create(ov::element::i64, ov::Shape{}, {1});
  return std::make_shared<op::v8::Gather>(x, integers(heads), axis);
}

Node attention(const Node& query, const Node& key, const Node& value, const Node& scores,
               std::optional<double> scale) {
  if (!scale) {
    return std::make_shared<op::v13::ScaledDotProductAttention>(query, key, value, scores,
                                                                /*causal=*/false);
  }
  const auto factor =
      op::v0::Constant::create(ov::element::f32, ov::Shape{}, {static_cast<float>(*scale)});
  return std::make_shared<op::v13::ScaledDotProductAttention>(query, key, value, scores, factor,
                                                              /*causal=*/false);
}

Turns turns(const Node& ids, const RotaryLayer& layer, std::size_t n_rows, std::size_t width) {
  const std::size_t half = width / 2;
  std::vector<float> cosine(n_rows * half);
  std::vector<float> sine(n_rows * half);
  for (std::size_t i = 0; i < half; ++i) {
    // Rounded to float32 where the peer rounds: at far positions the angle's own rounding is larger
    // than that of anything behind it.
    const double share = static_cast<double>(2 * i) / static_cast<double>(width);
    const auto power = static_cast<float>(std::pow(layer.theta, share));
    const float wave = (1.0F / power) / static_cast<float>(layer.stretch);
    for (std::size_t row = 0; row < n_rows; ++row) {
      const float angle = static_cast<float>(row) * wave;
      cosine[row * half + i] = static_cast<float>(std::cos(static_cast<double>(angle)));
      sine[row * half + i] = static_cast<float>(std::sin(static_cast<double>(angle)));
    }
  }
  const Node place = token_range(ids);
  return {lookup(own_weight({n_rows, half}, std::move(cosine)), place),
          lookup(own_weight({n_rows, half}, std::move(sine)), place)};
}

Node rotate(const Node& x, const Turns& turns) {
  const auto last_axis = op::v0::Constant::create(ov::element::i64, ov::Shape{}, {3});
  const auto halves = std::make_shared<op::v1::Split>(x, last_axis, 2);
  const Node first = halves->output(0);
  const Node second = halves->output(1);
  const Node turned_first = std::make_shared<op::v1::Subtract>(multiply(first, turns.cosine),
                                                               multiply(second, turns.sine));
  const Node turned_second = add(multiply(second, turns.cosine), multiply(first, turns.sine));
  return std::make_shared<op::v0::Concat>(ov::OutputVector{turned_first, turned_second}, 3);
}

}  // namespace topograph::detail::graph
