#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "embed/encoder/bert_weights.hpp"

namespace topograph::detail {

/// Positions of the graph's inputs.
struct BertInputs {
  static constexpr std::size_t ids = 0;        ///< i32 (batch, tokens)
  static constexpr std::size_t positions = 1;  ///< i32 (tokens), 0, 1, 2 …
  static constexpr std::size_t mask = 2;  ///< f32 (batch, 1, 1, tokens), added to attention scores
};

/// The network as OpenVINO operations: ids -> hidden states (batch, tokens, hidden). The constants
/// borrow the weights' memory and keep it alive. Throws ov::Exception on a malformed graph.
[[nodiscard]] std::shared_ptr<ov::Model> build_bert_graph(const EncoderConfig& config,
                                                          const BertWeights& weights);

}  // namespace topograph::detail
