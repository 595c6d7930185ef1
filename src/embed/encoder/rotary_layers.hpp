#pragma once

#include <utility>
#include <vector>

#include "embed/encoder/graph_pieces.hpp"

namespace topograph::detail::graph {

struct RotaryAttentionWeights {
  LinearWeights query = {};
  LinearWeights key = {};
  LinearWeights value = {};
  LinearWeights output = {};
  Weight query_norm = {};  ///< Of every head; null: none.
  Weight key_norm = {};
};

/// Attention whose queries and keys are turned by their positions. What layers of the same kind
/// share, their masks and tables, is made once.
class RotaryAttention {
 public:
  RotaryAttention(Inputs inputs, const EncoderConfig& config);

  [[nodiscard]] Node operator()(const Node& x, std::size_t layer,
                                const RotaryAttentionWeights& weights) const;

 private:
  struct Kind {
    RotaryLayer layer = {};
    Node scores = {};
    Turns turns = {};
  };
  const NetworkConfig* shape_;
  const RotaryPositions* rotary_;
  std::vector<Kind> kinds_ = {};
  std::vector<std::size_t> kind_of_ = {};  ///< Of each layer.
};

}  // namespace topograph::detail::graph
