#include "reduce/tree_repulsion.hpp"

#include <algorithm>
#include <numeric>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kLeaf = 8;
constexpr std::size_t kGrain = 256;

}  // namespace

RepulsionTree::RepulsionTree(MatrixView<const float> coords, double theta)
    : coords_(coords), square_theta_(theta * theta), order_(coords.rows()) {
  std::iota(order_.begin(), order_.end(), 0);
  if (!order_.empty()) add_node(0, order_.size());
}

/// Nodes are stored before their descendants, so a traversal is a walk with jumps.
void RepulsionTree::add_node(std::size_t begin, std::size_t end) {
  const std::size_t here = nodes_.size();
  nodes_.emplace_back();
  Node node{.begin = narrow<std::int32_t>(begin), .end = narrow<std::int32_t>(end)};
  std::size_t longest = 0;
  double middle = 0;
  double side = 0;
  for (std::size_t c = 0; c < coords_.cols(); ++c) {
    double sum = 0;
    auto low = static_cast<double>(coords_[idx(order_[begin]), c]);
    double high = low;
    for (std::size_t i = begin; i < end; ++i) {
      const auto value = static_cast<double>(coords_[idx(order_[i]), c]);
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    node.center[c] = sum / static_cast<double>(end - begin);
    if (high - low > side) {
      side = high - low;
      longest = c;
      middle = low + side / 2;
    }
  }
  node.square_side = side * side;
  if (end - begin > kLeaf && side > 0) {
    const auto from = order_.begin() + narrow<std::ptrdiff_t>(begin);
    const auto to = order_.begin() + narrow<std::ptrdiff_t>(end);
    const auto cut = std::stable_partition(from, to, [&](std::int32_t r) {
      return static_cast<double>(coords_[idx(r), longest]) <= middle;
    });
    const std::size_t at = begin + static_cast<std::size_t>(cut - from);
    if (at > begin && at < end) {
      add_node(begin, at);
      add_node(at, end);
    }
  }
  node.skip = narrow<std::int32_t>(nodes_.size());
  nodes_[here] = node;
}

Repulsion RepulsionTree::at(std::span<const float> point, std::int32_t self) const {
  Repulsion sum;
  const std::size_t dim = point.size();
  std::array<double, max_tsne_dim> gap = {};
  const auto add = [&](double square, double count) {
    const double q = 1 / (1 + square);
    sum.similarity += count * q;
    for (std::size_t c = 0; c < dim; ++c) sum.force[c] += count * q * q * gap[c];
  };
  for (std::size_t i = 0; i < nodes_.size();) {
    const Node& node = nodes_[i];
    double square = 0;
    for (std::size_t c = 0; c < dim; ++c) {
      gap[c] = static_cast<double>(point[c]) - node.center[c];
      square += gap[c] * gap[c];
    }
    if (node.square_side < square_theta_ * square) {
      add(square, static_cast<double>(node.end - node.begin));
      i = idx(node.skip);
      continue;
    }
    const bool is_leaf = idx(node.skip) == i + 1;
    ++i;
    if (!is_leaf) continue;
    for (std::int32_t at = node.begin; at < node.end; ++at) {
      const std::int32_t r = order_[idx(at)];
      if (r == self) continue;
      square = 0;
      for (std::size_t c = 0; c < dim; ++c) {
        gap[c] = static_cast<double>(point[c]) - static_cast<double>(coords_[idx(r), c]);
        square += gap[c] * gap[c];
      }
      add(square, 1);
    }
  }
  return sum;
}

Result<double> tree_forces(MatrixView<const float> coords, double theta, Matrix<float>& force,
                           RunContext& run) {
  const RepulsionTree tree(coords, theta);
  std::vector<double> partial(block_count(coords.rows(), kGrain), 0.0);
  TG_TRY(parallel_blocks(run, coords.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      const Repulsion found = tree.at(coords.row(r), narrow<std::int32_t>(r));
      partial[block.index] += found.similarity;
      for (std::size_t c = 0; c < coords.cols(); ++c) {
        force[r, c] = static_cast<float>(found.force[c]);
      }
    }
  }));
  return std::accumulate(partial.begin(), partial.end(), 0.0);
}

}  // namespace topograph::detail
