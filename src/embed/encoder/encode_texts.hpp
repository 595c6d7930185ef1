#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "embed/encoder/transformer.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph::detail {

struct TokenCounts {
  std::int64_t n_tokens = 0;
  std::int64_t n_truncated = 0;
};

/// Tokenises the rows of a part of the texts; `first_row` is where the part begins.
using TokenizeRows = std::function<Result<TokenBatch>(const TextColumn& rows, std::size_t first_row,
                                                      RunContext& run)>;

/// Tokenises and encodes texts, window by window: while one window goes through the network, the
/// same loop tokenises the next, so no thread waits for the other kind of work, and the tokens of
/// two windows at most are in memory.
///
/// @param out  (texts, columns of the head or fewer). A text without tokens gets zeros.
/// @determinism  As `Transformer::encode`.
[[nodiscard]] Result<TokenCounts> encode_texts(const TokenizeRows& tokenize,
                                               const Transformer& transformer,
                                               const EncodeSettings& settings,
                                               const TextColumn& texts, MatrixView<float> out,
                                               Stage& stage, RunContext& run);

}  // namespace topograph::detail
