#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "cluster/kd_tree.hpp"

namespace topograph::detail {

/// What a k-d tree search of one Boruvka round may look at, by position.
struct ForeignView {
  const KdTree& tree;
  std::span<const double> core;                  ///< By position.
  std::span<const double> node_min_core;         ///< By node.
  std::span<const std::int32_t> component;       ///< By position.
  std::span<const std::int32_t> node_component;  ///< By node; -1 when mixed.
  double alpha = 1;
};

/// Least edge of one point to another component: smallest (weight, row id).
struct ForeignPoint {
  double weight = std::numeric_limits<double>::infinity();
  std::int32_t id = std::numeric_limits<std::int32_t>::max();
  std::int32_t position = -1;

  [[nodiscard]] bool exists() const { return position >= 0; }
};

/// Finds the least edge of points, one after the other; scratch is reused.
class ForeignSearch {
 public:
  explicit ForeignSearch(const ForeignView& view);

  /// The least edge of weight <= bound; none when there is no such edge.
  [[nodiscard]] ForeignPoint find(std::size_t position, double bound);

 private:
  struct Pending {
    double box = 0;
    std::int32_t node = 0;
  };
  [[nodiscard]] bool can_improve(const Pending& pending) const;
  void set_best(double weight, std::int32_t id, std::int32_t position);
  void visit_leaf(const KdTree::Node& leaf);
  void visit_below(Pending pending);

  const ForeignView view_;
  std::vector<double> query_ = {};
  std::vector<Pending> stack_ = {};
  double core_ = 0;
  std::int32_t component_ = 0;
  double squared_limit_ = 0;  ///< Squared distances above it cannot beat the best weight.
  ForeignPoint best_ = {};
};

}  // namespace topograph::detail
