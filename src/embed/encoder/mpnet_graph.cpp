#include <algorithm>
#include <cmath>
#include <openvino/op/clamp.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/op/unsqueeze.hpp>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/learned_layers.hpp"

// MPNet: BERT's layers, and a bias of every attention score for the distance of key and query.
namespace topograph::detail {
namespace {

namespace op = ov::op;
constexpr int kFarthest = 128;  ///< Distances beyond it share the last bucket.

/// Half of the buckets are for keys before the query and half for those behind it; the nearest
/// distances have a bucket each, the others share them by their logarithm. float32 as in the peer,
/// whose rounding decides at the borders.
std::size_t bucket(int ahead, int n_buckets) {
  const int half = n_buckets / 2;
  const int n_exact = half / 2;
  const int distance = std::abs(ahead);
  int place = distance;
  if (distance >= n_exact) {
    const float share = std::log(static_cast<float>(distance) / static_cast<float>(n_exact)) /
                        static_cast<float>(std::log(static_cast<double>(kFarthest) / n_exact));
    const float step = share * static_cast<float>(half - n_exact);
    place = std::min(n_exact + static_cast<int>(step), half - 1);
  }
  return static_cast<std::size_t>(place + (ahead > 0 ? half : 0));
}

/// Row `ahead + kFarthest` is the bias of each head for that distance.
Weight spread_buckets(const Weight& biases) {
  const std::size_t n_heads = biases.shape[1];
  std::vector<float> rows;
  for (int ahead = -kFarthest; ahead <= kFarthest; ++ahead) {
    const float* row = biases.data + bucket(ahead, static_cast<int>(biases.shape[0])) * n_heads;
    rows.insert(rows.end(), row, row + n_heads);
  }
  return own_weight({2 * kFarthest + 1, n_heads}, std::move(rows));
}

/// (1, heads, tokens, tokens)
graph::Node distance_scores(const graph::Inputs& inputs, const Weight& biases) {
  const graph::Node place = graph::token_range(inputs.ids);
  const auto key = std::make_shared<op::v0::Unsqueeze>(place, graph::integers({0}));
  const auto query = std::make_shared<op::v0::Unsqueeze>(place, graph::integers({1}));
  const auto ahead = std::make_shared<op::v1::Subtract>(key, query);
  const auto near = std::make_shared<op::v0::Clamp>(ahead, -kFarthest, kFarthest);
  const auto offset = op::v0::Constant::create(ov::element::i32, ov::Shape{}, {kFarthest});
  const graph::Node scores = graph::lookup(spread_buckets(biases), graph::add(near, offset));
  const auto by_head = std::make_shared<op::v1::Transpose>(scores, graph::integers({2, 0, 1}));
  return std::make_shared<op::v0::Unsqueeze>(by_head, graph::integers({0}));
}

}  // namespace

Result<EncoderGraph> build_mpnet(const EncoderConfig& config, const WeightReader& weights) {
  const NetworkConfig& shape = config.shape;
  WeightReader reader = weights;
  reader.find_prefix("embeddings.word_embeddings.weight");
  const graph::Inputs inputs = graph::inputs();
  TG_TRY(const auto x, graph::learned_embeddings(inputs, shape, reader));
  const auto& learned = std::get<LearnedPositions>(shape.positions);
  TG_TRY(const auto biases, reader.read("encoder.relative_attention_bias.weight",
                                        {learned.n_relative_buckets, shape.n_heads}));
  const graph::Node scores =
      graph::add(graph::hidden_scores(inputs, {}), distance_scores(inputs, biases));
  const graph::LayerNames names{.layers = "encoder.layer",
                                .query = "attention.attn.q",
                                .key = "attention.attn.k",
                                .value = "attention.attn.v",
                                .attention_output = "attention.attn.o",
                                .attention_norm = "attention.LayerNorm",
                                .intermediate = "intermediate.dense",
                                .output = "output.dense",
                                .output_norm = "output.LayerNorm"};
  TG_TRY(const auto states, graph::learned_layers(x, scores, shape, names, reader));
  return graph::finish(inputs, states, shape.model_type);
}

}  // namespace topograph::detail
