#include "topograph/cluster/number_by_size.hpp"

#include <algorithm>
#include <cstddef>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

std::vector<std::int32_t> number_by_size(std::vector<std::int32_t>& labels,
                                         std::span<const std::int32_t> weights) {
  TG_EXPECTS(weights.empty() || weights.size() == labels.size());
  std::int32_t highest = -1;
  for (const std::int32_t label : labels) highest = std::max(highest, label);
  std::vector<std::int64_t> weight_of(idx(highest + 1), 0);
  std::vector<std::int32_t> in_order;  // Old labels by their smallest member.
  for (std::size_t v = 0; v < labels.size(); ++v) {
    if (labels[v] < 0) continue;
    std::int64_t& weight = weight_of[idx(labels[v])];
    if (weight == 0) in_order.push_back(labels[v]);
    weight += weights.empty() ? 1 : weights[v];
  }
  std::stable_sort(in_order.begin(), in_order.end(), [&](std::int32_t a, std::int32_t b) {
    return weight_of[idx(a)] > weight_of[idx(b)];
  });
  std::vector<std::int32_t> new_label(idx(highest + 1), -1);
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    new_label[idx(in_order[i])] = narrow<std::int32_t>(i);
  }
  for (std::int32_t& label : labels) label = label < 0 ? -1 : new_label[idx(label)];
  return in_order;
}

}  // namespace topograph
