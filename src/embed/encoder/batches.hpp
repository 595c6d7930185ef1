#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// Texts that go through the encoder together: rows `order[begin, end)`, padded to `length` tokens.
struct EncoderBatch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t length = 0;
};

/// The order in which texts are encoded and its cuts. A pure function of the lengths, so results
/// cannot depend on the number of threads.
struct BatchPlan {
  std::vector<std::int32_t> order = {};
  std::vector<EncoderBatch> batches = {};
};

/// Longest first (ties by row), cut so that a batch holds at most `batch_tokens` tokens with
/// padding (one text at least) and is padded by less than 3 % of its tokens. Texts without tokens
/// are left out.
[[nodiscard]] BatchPlan plan_batches(const TokenBatch& tokens, std::size_t batch_tokens);

}  // namespace topograph::detail
