#pragma once

#include "embed/encoder/encoder_graph.hpp"

namespace topograph::detail {

/// Reads an ONNX or OpenVINO IR file. Inputs are known by name (input_ids, attention_mask,
/// token_type_ids, position_ids), the hidden states by the name last_hidden_state, else the first
/// output with three axes is taken.
/// @error model subject: parse with OpenVINO's words, unsupported naming an input or the lack of
///        such an output, schema when the width is not config.json's.
[[nodiscard]] Result<EncoderGraph> read_exported_graph(const EncoderConfig& config);

}  // namespace topograph::detail
