#pragma once

#include "embed/encoder/bert_weights.hpp"
#include "embed/encoder/encoder_graph.hpp"

namespace topograph::detail {

/// BERT as OpenVINO operations. The constants borrow the weights' memory and keep it alive. Throws
/// ov::Exception on a malformed graph.
[[nodiscard]] EncoderGraph build_bert_graph(const EncoderConfig& config,
                                            const BertWeights& weights);

}  // namespace topograph::detail
