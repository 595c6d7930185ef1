#include "embed/encoder/batches.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

constexpr double kPaddingShare = 0.03;

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
  // Longest first: the last batches are the cheapest, so threads finish together.
  for (std::size_t begin = 0; begin < plan.order.size();) {
    const std::size_t longest = length(begin);
    std::size_t end = begin + 1;
    std::size_t real = longest;
    while (end < plan.order.size()) {
      const std::size_t padded = (end + 1 - begin) * longest;
      real += length(end);
      const auto padding = static_cast<double>(padded - real);
      if (padded > batch_tokens || padding >= kPaddingShare * static_cast<double>(padded)) break;
      ++end;
    }
    plan.batches.push_back({begin, end, longest});
    begin = end;
  }
  return plan;
}

}  // namespace topograph::detail
