#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace topograph::detail {

/// Edge weight towards each community next to one vertex. A number for every community, so that
/// adding needs neither a search nor a branch; the few that were added to are listed in the order
/// in which they were met.
class NeighborSums {
 public:
  /// Makes room for labels below `n_labels`.
  explicit NeighborSums(std::size_t n_labels) : weights_(n_labels, 0.0), met_(n_labels + 1, 0) {}

  void clear() {
    for (std::size_t i = 0; i < n_met_; ++i) weights_[static_cast<std::size_t>(met_[i])] = 0;
    n_met_ = 0;
  }
  /// Adds a weight above 0.
  void add(std::int32_t label, double weight) {
    double& sum = weights_[static_cast<std::size_t>(label)];
    met_[n_met_] = label;
    n_met_ += sum == 0 ? 1 : 0;
    sum += weight;
  }
  /// Weight towards a label; 0 when it was never added to.
  [[nodiscard]] double weight_of(std::int32_t label) const {
    return weights_[static_cast<std::size_t>(label)];
  }

  [[nodiscard]] std::size_t size() const { return n_met_; }
  [[nodiscard]] std::int32_t label(std::size_t i) const { return met_[i]; }
  [[nodiscard]] double weight(std::size_t i) const { return weight_of(met_[i]); }

 private:
  std::vector<double> weights_;
  std::vector<std::int32_t> met_;
  std::size_t n_met_ = 0;
};

}  // namespace topograph::detail
