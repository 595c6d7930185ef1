#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "cluster/kd_tree.hpp"

namespace topograph::detail {

/// Finds the k nearest points of queries, one after the other; scratch is reused.
class NearestPoints {
 public:
  struct Found {
    double squared = 0;
    std::int32_t id = 0;
    std::int32_t position = 0;
  };

  NearestPoints(const KdTree& tree, std::size_t k);

  /// min(k, n) points ascending by (distance, id), valid until the next call.
  [[nodiscard]] std::span<const Found> find(std::span<const double> query);

 private:
  void visit_leaf(const KdTree::Node& leaf, std::span<const double> query);
  [[nodiscard]] bool can_improve(double box, std::int32_t min_id) const;

  const KdTree& tree_;
  std::size_t k_;
  std::vector<Found> found_ = {};
  std::vector<std::pair<double, std::int32_t>> stack_ = {};
};

}  // namespace topograph::detail
