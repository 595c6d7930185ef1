#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernels.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// A k-d tree over the rows of a float matrix, in flat arrays. Cuts lie at the median of the widest
/// side of a node's box, ties by row id, so the tree is a function of the points alone.
///
/// Points are kept in tree order ("positions"); a leaf holds its points column by column, so that
/// the distances from a query to all of them are one vectorisable loop a column. Coordinates are
/// float64 and squared distances are added up column by column in every function, hence d(a, b) =
/// d(b, a) in every bit, and the distance to a box is never above the one to a point inside.
class KdTree {
 public:
  struct Node {
    std::int32_t begin = 0;  ///< Positions [begin, end).
    std::int32_t end = 0;
    std::int32_t right = 0;  ///< Right child; 0 for a leaf. The left one is the next node.
    std::int32_t min_id = 0;

    [[nodiscard]] bool is_leaf() const { return right == 0; }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(end - begin); }
  };
  static constexpr std::size_t kLeafSize = 32;

  explicit KdTree(MatrixView<const float> x);

  [[nodiscard]] std::size_t n_points() const { return ids_.size(); }
  [[nodiscard]] std::size_t n_dims() const { return n_dims_; }
  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }
  [[nodiscard]] std::span<const std::int32_t> ids() const { return ids_; }  ///< Row of a position.

  /// Copies the coordinates of a position.
  void read_point(std::size_t position, std::span<double> out) const;
  /// Squared distances from `query` to the points of a leaf, in position order.
  void leaf_distances(const Node& leaf, std::span<const double> query, double* out) const;
  /// Squared distances from `query` to the boxes of a node's left and right child; 0 inside.
  [[nodiscard]] std::array<double, 2> child_distances(std::size_t node,
                                                      std::span<const double> query) const;

 private:
  struct Builder;

  const kernels::KernelTable* kernels_;
  std::size_t n_dims_ = 0;
  std::vector<Node> nodes_ = {};
  std::vector<std::int32_t> leaf_of_ = {};  ///< Node of the leaf that holds a position.
  std::vector<std::int32_t> ids_ = {};
  /// By node, for each column: low of the left child, of the right one, high of both. Next to each
  /// other so that both distances are computed at once.
  std::vector<double> boxes_ = {};
  std::vector<double> points_ = {};  ///< A leaf: column 0 of its points, column 1 …
};

}  // namespace topograph::detail
