#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/encoder_head.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// What to make of the hidden states of each text.
struct EncodeSettings {
  EncoderHead head = {};
  std::size_t batch_tokens = 0;
};

/// The network of a BERT folder, ready to run. Immutable for callers and safe to share.
class Transformer {
 public:
  /// @error model subject, as `read_bert_weights`; internal with OpenVINO's words.
  [[nodiscard]] static Result<std::unique_ptr<Transformer>> load(const EncoderConfig& config);
  ~Transformer();
  Transformer(const Transformer&) = delete;
  Transformer& operator=(const Transformer&) = delete;
  Transformer(Transformer&&) = delete;
  Transformer& operator=(Transformer&&) = delete;

  /// OpenVINO's build and the CPU: what the last bits of the vectors depend on.
  /// @error internal with OpenVINO's words.
  [[nodiscard]] Result<std::string> runtime_name() const;

  /// Encodes texts given as token ids, special tokens included, at least one token a
  /// text.
  ///
  /// @param out      (texts, columns of the head or fewer).
  /// @determinism    Bit-identical for any thread count: whole batches go to threads and each batch
  ///                 is computed by one thread.
  /// @error          cancelled, or internal with OpenVINO's words.
  [[nodiscard]] Result<void> encode(const TokenBatch& tokens, const EncodeSettings& settings,
                                    MatrixView<float> out, Stage& stage, RunContext& run) const;

 private:
  Transformer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph::detail
