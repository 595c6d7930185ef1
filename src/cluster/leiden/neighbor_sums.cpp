#include "cluster/leiden/neighbor_sums.hpp"

#include <algorithm>
#include <bit>

namespace topograph::detail {

void NeighborSums::reset(std::size_t n_labels) {
  labels_.clear();
  sums_.clear();
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(16, 2 * n_labels));
  mask_ = size - 1;
  shift_ = 64U - static_cast<unsigned>(std::bit_width(mask_));
  if (size > slots_.size()) slots_.resize(size);
  if (++stamp_ == 0) {  // The counter has gone round: old stamps must not look new.
    std::ranges::fill(slots_, Slot{});
    stamp_ = 1;
  }
}

double NeighborSums::weight_of(std::int32_t label) const {
  if (labels_.empty()) return 0;
  for (std::size_t slot = slot_of(label); slots_[slot].stamp == stamp_; slot = (slot + 1) & mask_) {
    if (labels_[slots_[slot].entry] == label) return sums_[slots_[slot].entry];
  }
  return 0;
}

}  // namespace topograph::detail
