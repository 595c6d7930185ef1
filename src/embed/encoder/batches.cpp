#include "embed/encoder/batches.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

// Matrix products reach nearly their full speed at this many rows (docs/decisions/0010).
constexpr std::size_t kLeastTokens = 256;
// Batches that a plan has at least, unless they would be smaller than that.
constexpr std::size_t kBatches = 64;

}  // namespace

BatchPlan plan_batches(const TokenBatch& tokens, std::size_t batch_tokens) {
  BatchPlan plan;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].empty()) plan.order.push_back(narrow<std::int32_t>(i));
  }
  const auto length = [&](std::size_t at) { return tokens[idx(plan.order[at])].size(); };
  std::ranges::sort(plan.order, [&](std::int32_t a, std::int32_t b) {
    const std::size_t length_a = tokens[idx(a)].size();
    const std::size_t length_b = tokens[idx(b)].size();
    return length_a != length_b ? length_a > length_b : a < b;
  });
  const std::size_t budget =
      std::min(batch_tokens, std::max(kLeastTokens, tokens.ids.size() / kBatches));
  // Longest first: the last batches are the cheapest, so threads finish together.
  for (std::size_t begin = 0; begin < plan.order.size();) {
    const std::size_t longest = length(begin);
    const std::size_t most =
        std::min(plan.order.size(), begin + std::max<std::size_t>(1, budget / longest));
    std::size_t end = begin + 1;
    while (end < most && length(end) == longest) ++end;
    plan.batches.push_back({begin, end, longest});
    begin = end;
  }
  return plan;
}

}  // namespace topograph::detail
