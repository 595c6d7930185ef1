#pragma once

#include <openvino/runtime/core.hpp>
#include <string>

#include "embed/encoder/encoder_graph.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// What the ranges of a network's inner numbers are learned from.
struct Calibration {
  TokenBatch texts = {};
  /// Names what the ranges depend on: texts, weights, configuration, runtime. A later start with
  /// the same key takes them from the user's cache folder.
  std::string key = {};
};

/// Makes products with constant matrices whole-number products: weights in 255 levels a row,
/// symmetric; the other factor in 256 levels over the range that it has on the calibration texts.
///
/// Columns of the other factor differ by orders of magnitude in transformers, and one grid for all
/// of them would spend its levels on a few: each column is divided by `reach^0.8 / weight^0.2` (its
/// largest number and its largest weight), and the weights are multiplied by it, so the product
/// stays the same. Products whose expected error is above a hundredth of their size stay as they
/// are; the log says how many.
///
/// @param calibration  Texts as token ids, and their key.
/// @return             A graph with the same inputs and outputs; it shares the weights that stay.
/// @error              cancelled, or internal with OpenVINO's words.
/// @determinism        Bit-identical for any number of threads.
/// @cost               One run of the calibration texts in f32 unless the cache holds their ranges;
///                     the memory of the weights in int8.
/// @source             Xiao et al. 2023, SmoothQuant, arXiv:2211.10438 (scales); the error model is
///                     uniform noise, step^2 / 12.
[[nodiscard]] Result<EncoderGraph> quantize_graph(const EncoderGraph& graph, ov::Core& core,
                                                  const EncoderConfig& config,
                                                  const Calibration& calibration, RunContext& run);

}  // namespace topograph::detail
