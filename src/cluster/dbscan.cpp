#include "topograph/cluster/dbscan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "cluster/kd_tree.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "cluster/union_find.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 64;
constexpr std::size_t kWave = 8192;  // Rows whose links are collected before clusters are joined.

/// Calls visit(id, squared distance) for every point within the radius.
template <class Visit>
void visit_within(const detail::KdTree& tree, std::span<const float> row, double squared_radius,
                  Visit&& visit) {
  std::vector<double> query(row.begin(), row.end());
  std::vector<std::int32_t> stack = {0};
  std::array<double, detail::KdTree::kLeafSize> squared;
  while (!stack.empty()) {
    const std::int32_t at = stack.back();
    stack.pop_back();
    const auto& node = tree.nodes()[idx(at)];
    if (!node.is_leaf()) {
      const auto [left, right] = tree.child_distances(idx(at), query);
      if (right <= squared_radius) stack.push_back(node.right);
      if (left <= squared_radius) stack.push_back(at + 1);
      continue;
    }
    tree.leaf_distances(node, query, squared.data());
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (squared[i] <= squared_radius) visit(tree.ids()[idx(node.begin) + i], squared[i]);
    }
  }
}

/// eps as a squared euclidean distance: of unit rows, 2 (1 - cos).
double squared_radius(const DbscanOptions& options) {
  return options.metric == Metric::cosine ? 2 * options.eps : options.eps * options.eps;
}

std::int64_t weight_of(std::span<const std::int32_t> weights, std::int32_t row) {
  return weights.empty() ? 1 : weights[idx(row)];
}

class Dbscan {
 public:
  Dbscan(MatrixView<const float> x, std::span<const std::int32_t> weights,
         const DbscanOptions& options)
      : x_(x),
        weights_(weights),
        min_samples_(options.min_samples),
        radius_(squared_radius(options)),
        tree_(x),
        sets_(x.rows()) {}

  Result<DbscanResult> solve(RunContext& run) {
    DbscanResult result;
    Stage stage(run, "dbscan", 2 * x_.rows());
    TG_TRY(find_dense(result, stage, run));
    TG_TRY(join_dense(result.is_core, stage, run));
    TG_TRY(label(result, run));
    return result;
  }

 private:
  Result<void> find_dense(DbscanResult& result, Stage& stage, RunContext& run) {
    result.is_core.assign(x_.rows(), 0);
    result.clusters.strength.assign(x_.rows(), 0.0F);
    return parallel_blocks(run, x_.rows(), kRowGrain, [&](const Block& block) {
      for (std::size_t row = block.begin; row < block.end; ++row) {
        std::int64_t weight = 0;
        visit_within(tree_, x_.row(row), radius_,
                     [&](std::int32_t id, double) { weight += weight_of(weights_, id); });
        result.is_core[row] = weight >= min_samples_ ? 1 : 0;
        result.clusters.strength[row] = static_cast<float>(
            std::min(1.0, static_cast<double>(weight) / static_cast<double>(min_samples_)));
      }
      stage.advance(block.end - block.begin);
    });
  }

  /// Which points are joined does not depend on the order of the links, so waves of rows collect
  /// theirs in parallel, one for each set that is still another one.
  Result<void> join_dense(std::span<const std::uint8_t> is_core, Stage& stage, RunContext& run) {
    std::vector<std::int32_t> root(x_.rows());
    for (std::size_t first = 0; first < x_.rows(); first += kWave) {
      for (std::size_t i = 0; i < root.size(); ++i) root[i] = sets_.find(narrow<std::int32_t>(i));
      const std::size_t count = std::min(kWave, x_.rows() - first);
      std::vector<std::vector<std::pair<std::int32_t, std::int32_t>>> links(
          block_count(count, kRowGrain));
      TG_TRY(parallel_blocks(run, count, kRowGrain, [&](const Block& block) {
        std::vector<std::int32_t> roots;
        for (std::size_t row = first + block.begin; row < first + block.end; ++row) {
          if (is_core[row] == 0) continue;
          roots.clear();
          visit_within(tree_, x_.row(row), radius_, [&](std::int32_t id, double) {
            if (idx(id) < row && is_core[idx(id)] != 0 && root[idx(id)] != root[row]) {
              roots.push_back(root[idx(id)]);
            }
          });
          std::ranges::sort(roots);
          roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
          for (const std::int32_t other : roots) {
            links[block.index].emplace_back(narrow<std::int32_t>(row), other);
          }
        }
      }));
      for (const auto& of_block : links) {
        for (const auto& [a, b] : of_block) sets_.join(a, b);
      }
      stage.advance(count);
    }
    return {};
  }

  Result<void> label(DbscanResult& result, RunContext& run) {
    const std::size_t n = x_.rows();
    // Clusters numbered by their smallest dense row.
    std::vector<std::int32_t> number(n, -1);
    std::vector<std::int32_t>& labels = result.clusters.labels;
    labels.assign(n, kNoise);
    std::int32_t next = 0;
    for (std::size_t row = 0; row < n; ++row) {
      if (result.is_core[row] == 0) continue;
      std::int32_t& of_set = number[idx(sets_.find(narrow<std::int32_t>(row)))];
      if (of_set < 0) of_set = next++;
      labels[row] = of_set;
    }
    const std::vector<std::int32_t> dense = labels;
    TG_TRY(parallel_blocks(run, n, kRowGrain, [&](const Block& block) {
      for (std::size_t row = block.begin; row < block.end; ++row) {
        if (result.is_core[row] != 0) continue;
        visit_within(tree_, x_.row(row), radius_, [&](std::int32_t id, double) {
          if (dense[idx(id)] < 0) return;
          labels[row] = labels[row] < 0 ? dense[idx(id)] : std::min(labels[row], dense[idx(id)]);
        });
        if (labels[row] < 0) result.clusters.strength[row] = 0;
      }
    }));
    result.clusters.n_clusters =
        narrow<std::int32_t>(detail::number_by_size(labels, weights_).size());
    return {};
  }

  MatrixView<const float> x_;
  std::span<const std::int32_t> weights_;
  std::int64_t min_samples_;
  double radius_;
  detail::KdTree tree_;
  detail::UnionFind sets_;
};

}  // namespace

Result<DbscanResult> dbscan(MatrixView<const float> x, std::span<const std::int32_t> weights,
                            const DbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "dbscan"));
  TG_TRY(detail::check_points(x, "dbscan", run));
  TG_TRY(detail::check_weights(weights, x.rows(), "dbscan"));
  if (x.rows() == 0) return DbscanResult{};
  Matrix<float> unit;
  if (options.metric == Metric::cosine) {
    TG_TRY(unit, unit_rows(x, run));
    x = unit.view();
  }
  return Dbscan(x, weights, options).solve(run);
}

Result<DbscanPrediction> dbscan_predict(const DbscanResult& fitted,
                                        MatrixView<const float> training,
                                        std::span<const std::int32_t> weights,
                                        MatrixView<const float> points,
                                        const DbscanOptions& options, RunContext& run) {
  if (fitted.is_core.size() != training.rows() || training.cols() != points.cols()) {
    return input_error(ErrorCode::invalid_argument, "dbscan",
                       "expected points of " + std::to_string(training.cols()) +
                           " columns, found " + std::to_string(points.cols()));
  }
  TG_TRY(detail::check_points(points, "dbscan", run));
  DbscanPrediction out{std::vector<std::int32_t>(points.rows(), kNoise),
                       std::vector<float>(points.rows(), 0.0F)};
  if (training.rows() == 0) return out;
  Matrix<float> unit_training;
  Matrix<float> unit_points;
  if (options.metric == Metric::cosine) {
    TG_TRY(unit_training, unit_rows(training, run));
    TG_TRY(unit_points, unit_rows(points, run));
    training = unit_training.view();
    points = unit_points.view();
  }
  const detail::KdTree tree(training);
  const double radius = squared_radius(options);
  TG_TRY(parallel_blocks(run, points.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      std::int64_t weight = 1;
      std::pair nearest{std::numeric_limits<double>::infinity(), std::int32_t{-1}};
      visit_within(tree, points.row(row), radius, [&](std::int32_t id, double squared) {
        weight += weight_of(weights, id);
        if (fitted.is_core[idx(id)] != 0) nearest = std::min(nearest, std::pair{squared, id});
      });
      if (nearest.second < 0) continue;
      out.labels[row] = fitted.clusters.labels[idx(nearest.second)];
      out.strength[row] = static_cast<float>(
          std::min(1.0, static_cast<double>(weight) / static_cast<double>(options.min_samples)));
    }
  }));
  return out;
}

}  // namespace topograph
