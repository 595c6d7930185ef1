#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace topograph::detail {

/// Edge weight towards each community next to one vertex: a small open-addressing table, because a
/// vertex sees a few dozen of up to millions of communities. Entries keep the order in which they
/// were first added to, so that what follows does not depend on the table's size.
class NeighborSums {
 public:
  /// Forgets everything and makes room for `n_labels` different labels.
  void reset(std::size_t n_labels);

  void add(std::int32_t label, double weight) { sums_[entry_of(label)] += weight; }
  /// Weight towards a label; 0 when it was never added to.
  [[nodiscard]] double weight_of(std::int32_t label) const;

  [[nodiscard]] std::span<const std::int32_t> labels() const { return labels_; }
  [[nodiscard]] std::span<const double> sums() const { return sums_; }

 private:
  struct Slot {
    std::uint32_t stamp = 0;
    std::uint32_t entry = 0;
  };

  [[nodiscard]] std::size_t slot_of(std::int32_t label) const {
    // Fibonacci hashing: the high bits of a product with 2^64 / golden ratio are well spread.
    return static_cast<std::size_t>((std::uint64_t{static_cast<std::uint32_t>(label)} * 0x9E3779B97F4A7C15U) >>
                                    shift_);
  }
  std::size_t entry_of(std::int32_t label) {
    std::size_t slot = slot_of(label);
    while (slots_[slot].stamp == stamp_) {
      if (labels_[slots_[slot].entry] == label) return slots_[slot].entry;
      slot = (slot + 1) & mask_;
    }
    slots_[slot] = {stamp_, static_cast<std::uint32_t>(labels_.size())};
    labels_.push_back(label);
    sums_.push_back(0.0);
    return labels_.size() - 1;
  }

  std::vector<Slot> slots_ = {};
  std::vector<std::int32_t> labels_ = {};
  std::vector<double> sums_ = {};
  std::uint32_t stamp_ = 0;
  std::size_t mask_ = 0;
  unsigned shift_ = 63;
};

}  // namespace topograph::detail
