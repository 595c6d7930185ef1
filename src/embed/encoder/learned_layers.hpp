#pragma once

#include <string>

#include "embed/encoder/graph_pieces.hpp"

namespace topograph::detail::graph {

/// What the arrays of a layer are called, behind "<layers>.<number>.".
struct LayerNames {
  std::string layers;
  std::string query;
  std::string key;
  std::string value;
  std::string attention_output;
  std::string attention_norm;
  std::string intermediate;
  std::string output;
  std::string output_norm;
};

/// words + positions (+ the first token type), normalised: the beginning of BERT and its relatives.
[[nodiscard]] Result<Node> learned_embeddings(const Inputs& inputs, const NetworkConfig& shape,
                                              const WeightReader& weights);

/// Their layers: attention and two dense steps, each added to its input and normalised afterwards.
[[nodiscard]] Result<Node> learned_layers(Node x, const Node& scores, const NetworkConfig& shape,
                                          const LayerNames& names, const WeightReader& weights);

}  // namespace topograph::detail::graph
