#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// Texts that go through the encoder together: rows `order[begin, end)`, each of `length` tokens.
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

/// Longest first (ties by row), cut so that a batch holds texts of one length only and at most
/// `batch_tokens` tokens (one text at least). Few texts are cut into smaller batches, so that
/// there is work for every thread. Texts without tokens are left out.
///
/// Without padding nothing is computed in vain, and a text's vector does not depend on its company:
/// softmax over a padded row may add the same numbers in another order.
[[nodiscard]] BatchPlan plan_batches(const TokenBatch& tokens, std::size_t batch_tokens);

}  // namespace topograph::detail
