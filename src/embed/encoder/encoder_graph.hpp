#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openvino/core/model.hpp>
#include <optional>

#include "embed/encoder/encoder_config.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// A network from token ids to hidden states (batch, tokens, hidden), its first output. Inputs are
/// found by their role; each is a whole-number tensor (batch, tokens), i32 or i64.
struct EncoderGraph {
  std::shared_ptr<ov::Model> model = {};
  std::size_t ids = 0;
  std::optional<std::size_t> mask = {};  ///< 1: a token. Batches hold one length: no padding.
  std::optional<std::size_t> token_types = {};  ///< All 0.
  std::optional<std::size_t> positions = {};    ///< 0, 1, 2 …
};

/// Reads the weights of the folder and builds the network of its architecture.
/// @error model subject: not_found, parse, schema (arrays and their shapes), unsupported, or
///        internal with OpenVINO's words.
[[nodiscard]] Result<EncoderGraph> build_encoder_graph(const EncoderConfig& config);

/// What OpenVINO says of a model that it cannot build, compile or run.
[[nodiscard]] std::unexpected<Error> openvino_error(const EncoderConfig& config,
                                                    const std::exception& problem);

}  // namespace topograph::detail
