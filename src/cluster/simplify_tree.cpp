// Clusters come in pairs, split off together. Pairs are looked at from the last to the first, so
// that everything below has been decided:
//   life of a side = largest lambda anywhere in it - lambda of the split;
//   a pair whose shorter life is below the threshold is dissolved into its parent. The longer
//   side's own pair, if it has one, becomes the parent's.
#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <utility>

#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr double kOwnLambda = -1;

/// By cluster number: the cluster it becomes part of (itself when it stays), and the lambda at
/// which its own points leave (kOwnLambda: as before).
struct Dissolved {
  std::vector<std::int32_t> into;
  std::vector<double> leave;
};

Dissolved dissolve(const CondensedTree& tree, double threshold) {
  std::vector<std::size_t> splits;  // Rows of clusters; two in a row are a pair.
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    if (tree.child[row] >= tree.n_points) splits.push_back(row);
  }
  const std::size_t n = splits.size() + 1;
  TG_EXPECTS(splits.size() % 2 == 0);
  const auto number = [&](std::int32_t id) { return idx(id - tree.n_points); };
  std::vector<double> densest(n, 0.0);
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    double& most = densest[number(tree.parent[row])];
    most = std::max(most, tree.lambda[row]);
  }
  std::vector<char> is_leaf(n, 1);
  for (const std::size_t row : splits) is_leaf[number(tree.parent[row])] = 0;

  Dissolved result{std::vector<std::int32_t>(n), std::vector<double>(n, kOwnLambda)};
  std::iota(result.into.begin(), result.into.end(), 0);
  for (std::size_t last = splits.size(); last > 0; last -= 2) {
    const std::array pair{number(tree.child[splits[last - 2]]),
                          number(tree.child[splits[last - 1]])};
    const std::size_t parent = number(tree.parent[splits[last - 1]]);
    const double split = tree.lambda[splits[last - 1]];
    const std::array most{densest[pair[0]], densest[pair[1]]};
    densest[parent] = std::max({densest[parent], most[0], most[1]});
    // An infinite split at which both sides also end has no life: inf - inf is below any threshold.
    if (std::min(most[0], most[1]) - split >= threshold) continue;
    const std::size_t longer = most[0] <= most[1] ? 1 : 0;
    if (is_leaf[pair[longer]] != 0) {
      is_leaf[parent] = 1;
    } else {
      result.leave[pair[1 - longer]] = split;
    }
    for (const std::size_t side : pair) result.into[side] = narrow<std::int32_t>(parent);
  }
  for (std::int32_t& into : result.into) into = result.into[idx(into)];  // Parents come first.
  return result;
}

}  // namespace

CondensedTree simplify_tree(const CondensedTree& tree, double threshold) {
  const Dissolved dissolved = dissolve(tree, threshold);
  std::vector<std::int32_t> new_number(dissolved.into.size(), 0);
  std::int32_t n_kept = 0;
  for (std::size_t c = 0; c < new_number.size(); ++c) {
    new_number[c] = idx(dissolved.into[c]) == c ? n_kept++ : new_number[idx(dissolved.into[c])];
  }
  CondensedTree result;
  result.n_points = tree.n_points;
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    std::int32_t child = tree.child[row];
    if (child >= tree.n_points) {
      const std::size_t c = idx(child - tree.n_points);
      if (idx(dissolved.into[c]) != c) continue;
      child = tree.n_points + new_number[c];
    }
    const std::size_t parent = idx(tree.parent[row] - tree.n_points);
    const double leave = dissolved.leave[parent];
    result.parent.push_back(tree.n_points + new_number[parent]);
    result.child.push_back(child);
    result.lambda.push_back(leave == kOwnLambda ? tree.lambda[row] : leave);
    result.child_size.push_back(tree.child_size[row]);
  }
  return result;
}

}  // namespace topograph
