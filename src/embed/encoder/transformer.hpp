#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "embed/encoder/batches.hpp"
#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/encoder_head.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

class Network;

/// Texts without tokens go through no network: their rows of `out` are zeros.
void clear_rows_without_tokens(const TokenBatch& tokens, MatrixView<float> out, Stage& stage);

/// What to make of the hidden states of each text.
struct EncodeSettings {
  EncoderHead head = {};
  std::size_t batch_tokens = 0;
};

/// The network of an encoder's folder, ready to run. Immutable for callers and safe to share: calls
/// from several threads run side by side.
class Transformer {
 public:
  /// @param precision    As `choose_precision` decided it.
  /// @param calibration  Texts on which int8 learns the ranges of the numbers; unused otherwise.
  /// @error model subject, as `build_encoder_graph`; internal with OpenVINO's words.
  [[nodiscard]] static Result<std::unique_ptr<Transformer>> load(const EncoderConfig& config,
                                                                 Precision precision,
                                                                 TokenBatch calibration);
  ~Transformer();
  Transformer(const Transformer&) = delete;
  Transformer& operator=(const Transformer&) = delete;
  Transformer(Transformer&&) = delete;
  Transformer& operator=(Transformer&&) = delete;

  [[nodiscard]] Precision precision() const;
  /// OpenVINO's build and the CPU: what the last bits of the vectors depend on.
  /// @error internal with OpenVINO's words.
  [[nodiscard]] Result<std::string> runtime_name() const;

  /// Encodes texts given as token ids, special tokens included; a text without tokens gets zeros.
  ///
  /// @param out      (texts, columns of the head or fewer).
  /// @determinism    A text's bits depend on its tokens only: neither on the threads nor on the
  ///                 other texts (batches hold one length, and no sum crosses texts).
  /// @error          cancelled, or internal with OpenVINO's words.
  [[nodiscard]] Result<void> encode(const TokenBatch& tokens, const EncodeSettings& settings,
                                    MatrixView<float> out, Stage& stage, RunContext& run) const;

  /// The parts of `encode`, for loops that do something else beside: the network for this run, to
  /// be asked for before the loop, …
  [[nodiscard]] Result<std::shared_ptr<const Network>> network(const BatchPlan& plan,
                                                               RunContext& run) const;
  /// … and one batch of it, on the calling thread.
  [[nodiscard]] Result<void> encode_batch(const Network& network, const TokenBatch& tokens,
                                          const BatchPlan& plan, const EncoderBatch& batch,
                                          const EncoderHead& head, MatrixView<float> out) const;

 private:
  /// Names what int8's ranges depend on; reads the model's files.
  [[nodiscard]] Result<std::string> calibration_key() const;
  Transformer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph::detail
