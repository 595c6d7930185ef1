#include "cluster/kd_tree.hpp"

#include <algorithm>
#include <numeric>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

struct KdTree::Builder {
  KdTree& tree;
  MatrixView<const float> x;

  /// Where the box of a node is kept: beside its sibling's, in its parent.
  struct BoxSlot {
    std::size_t parent = 0;
    std::size_t side = 0;
    bool is_root = false;
  };

  /// Stores the box of [begin, end) and returns its widest column.
  std::size_t add_box(std::size_t begin, std::size_t end, const BoxSlot& slot) {
    std::size_t widest = 0;
    float width = -1;
    for (std::size_t column = 0; column < x.cols(); ++column) {
      float low = x[idx(tree.ids_[begin]), column];
      float high = low;
      for (std::size_t p = begin + 1; p < end; ++p) {
        const float value = x[idx(tree.ids_[p]), column];
        low = std::min(low, value);
        high = std::max(high, value);
      }
      if (!slot.is_root) {
        double* box = tree.boxes_.data() + (slot.parent * x.cols() + column) * 4 + slot.side;
        box[0] = static_cast<double>(low);
        box[2] = static_cast<double>(high);
      }
      if (high - low > width) {
        width = high - low;
        widest = column;
      }
    }
    return widest;
  }

  void add_leaf(std::size_t node, std::size_t begin, std::size_t end) {
    for (std::size_t p = begin; p < end; ++p) tree.leaf_of_[p] = narrow<std::int32_t>(node);
    // Ascending ids make the order inside a leaf independent of how the median was found.
    std::sort(tree.ids_.begin() + static_cast<std::ptrdiff_t>(begin),
              tree.ids_.begin() + static_cast<std::ptrdiff_t>(end));
    tree.nodes_[node].min_id = tree.ids_[begin];
    const std::size_t count = end - begin;
    double* out = tree.points_.data() + begin * x.cols();
    for (std::size_t p = begin; p < end; ++p) {
      const auto row = x.row(idx(tree.ids_[p]));
      for (std::size_t column = 0; column < row.size(); ++column) {
        out[column * count + (p - begin)] = static_cast<double>(row[column]);
      }
    }
  }

  /// Adds the node over [begin, end) and everything below; depth is log2(n / kLeafSize).
  std::size_t add_node(std::size_t begin, std::size_t end, const BoxSlot& slot) {
    const std::size_t node = tree.nodes_.size();
    tree.nodes_.push_back({narrow<std::int32_t>(begin), narrow<std::int32_t>(end), 0, 0});
    tree.boxes_.resize((node + 1) * 4 * x.cols());
    const std::size_t column = add_box(begin, end, slot);
    if (end - begin <= kLeafSize) {
      add_leaf(node, begin, end);
      return node;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const auto first = tree.ids_.begin();
    std::nth_element(first + static_cast<std::ptrdiff_t>(begin),
                     first + static_cast<std::ptrdiff_t>(middle),
                     first + static_cast<std::ptrdiff_t>(end), [&](std::int32_t a, std::int32_t b) {
                       const float left = x[idx(a), column];
                       const float right = x[idx(b), column];
                       return left < right || (left == right && a < b);
                     });
    const std::size_t left = add_node(begin, middle, {.parent = node, .side = 0});
    const std::size_t right = add_node(middle, end, {.parent = node, .side = 1});
    tree.nodes_[node].right = narrow<std::int32_t>(right);
    tree.nodes_[node].min_id = std::min(tree.nodes_[left].min_id, tree.nodes_[right].min_id);
    return node;
  }
};

KdTree::KdTree(MatrixView<const float> x) : kernels_(&kernels::active()), n_dims_(x.cols()) {
  const std::size_t n = x.rows();
  ids_.resize(n);
  std::iota(ids_.begin(), ids_.end(), 0);
  leaf_of_.resize(n);
  points_.resize(n * n_dims_);
  if (n > 0) Builder{*this, x}.add_node(0, n, {.is_root = true});
}

void KdTree::read_point(std::size_t position, std::span<double> out) const {
  TG_EXPECTS(out.size() == n_dims_);
  const Node& leaf = nodes_[idx(leaf_of_[position])];
  const std::size_t begin = idx(leaf.begin);
  const double* point = points_.data() + begin * n_dims_ + (position - begin);
  for (std::size_t column = 0; column < n_dims_; ++column)
    out[column] = point[column * leaf.size()];
}

void KdTree::leaf_distances(const Node& leaf, std::span<const double> query, double* out) const {
  kernels_->column_distances(points_.data() + idx(leaf.begin) * n_dims_, query.data(), leaf.size(),
                             n_dims_, out);
}

std::array<double, 2> KdTree::child_distances(std::size_t node,
                                              std::span<const double> query) const {
  std::array<double, 2> distances;
  kernels_->box_pair(boxes_.data() + node * 4 * n_dims_, query.data(), n_dims_, distances.data());
  return distances;
}

}  // namespace topograph::detail
