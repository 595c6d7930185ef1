#include "topograph/cluster/hdbscan_memberships.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <string>

#include "cluster/exemplar_distances.hpp"
#include "cluster/fitted_tree.hpp"
#include "cluster/largest_rows.hpp"
#include "cluster/membership_formula.hpp"
#include "cluster/placement.hpp"
#include "cluster/search_rows.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 256;

/// A point whose row is wanted: where it hangs in the tree, and the label to agree with.
struct Place {
  std::int32_t cluster = -1;  ///< By number; -1: not finite, in no cluster at all.
  double lambda = 0;
  std::int32_t label = kNoise;
  bool is_new = false;  ///< Not a training point nor a copy of one.
};

/// Receives the row of every point. Called from many threads, for other points each.
using TakeRow = std::function<void(std::size_t row, std::span<const double> values)>;

/// Points in the order of their clusters, so that what depends on the cluster is found once for
/// neighbours in the order.
std::vector<std::int32_t> by_cluster(std::span<const Place> places) {
  std::vector<std::int32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return places[idx(a)].cluster < places[idx(b)].cluster;
  });
  return order;
}

struct RowScratch {
  explicit RowScratch(std::size_t n_labels)
      : merges(n_labels), used_merges(n_labels), distances(n_labels), row(n_labels) {}
  std::vector<double> merges;
  std::vector<double> used_merges;
  std::vector<double> distances;
  std::vector<double> row;
  std::vector<double> exemplars = {};
};

/// The numbers of the search rows that stand for the input rows of each cluster's exemplars.
std::vector<std::vector<std::int32_t>> exemplar_rows(const HdbscanResult& fitted,
                                                     const detail::FittedTree& tree,
                                                     const detail::SearchRows& search) {
  std::vector<std::int32_t> selected;
  for (const std::int32_t c : tree.cluster_of) selected.push_back(fitted.condensed.n_points + c);
  auto rows = exemplars(fitted.condensed, selected);
  if (search.rows.empty()) return rows;
  for (auto& of_cluster : rows) {
    for (std::int32_t& row : of_cluster) {
      const auto at = std::lower_bound(search.rows.begin(), search.rows.end(), row);
      row = narrow<std::int32_t>(at - search.rows.begin());
    }
  }
  return rows;
}

/// Rows of `points` (search rows, one per place) at `places`.
Result<void> make_rows(const detail::FittedTree& tree, const detail::ExemplarDistances& nearness,
                       const detail::SearchRows& points, std::span<const Place> places, bool compat,
                       const TakeRow& take, RunContext& run) {
  const detail::MembershipFormula formula(tree, compat);
  const std::vector<std::int32_t> order = by_cluster(places);
  return parallel_blocks(run, order.size(), kRowGrain, [&](const Block& block) {
    RowScratch scratch(tree.n_labels());
    std::int32_t cluster = -1;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t at = idx(order[i]);
      const Place& place = places[at];
      if (place.cluster != cluster) {
        cluster = place.cluster;
        formula.merge_lambdas(cluster, scratch.merges);
      }
      scratch.used_merges = scratch.merges;
      nearness.find(points.x.row(at), scratch.exemplars, scratch.distances);
      if (compat && place.is_new) {
        formula.new_point_row(cluster, place.lambda, scratch.used_merges, scratch.distances,
                              scratch.row);
      } else {
        formula.row(cluster, place.lambda, scratch.used_merges, scratch.distances, scratch.row);
      }
      if (!compat) detail::agree_with_label(scratch.row, place.label);
      take(idx(points.input_row(at)), scratch.row);
    }
  });
}

Result<void> training_rows(const HdbscanResult& fitted, MatrixView<const float> training,
                           const HdbscanOptions& options, const TakeRow& take, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  TG_TRY(detail::check_training(fitted, training));
  if (fitted.selected.empty()) return {};
  const detail::FittedTree tree(fitted, options.compat);
  std::vector<std::int32_t> rows = detail::rows_of_fit(fitted);
  const bool has_zero = options.metric == Metric::cosine && detail::has_zero_row(training, rows);
  const detail::SearchRows search =
      detail::search_rows(training, std::move(rows), options.metric, has_zero);
  const detail::ExemplarDistances nearness(search.x, exemplar_rows(fitted, tree, search),
                                           options.metric);
  std::vector<Place> places(search.x.rows());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t row = idx(search.input_row(i));
    places[i] = {tree.parent[row], tree.lambda[row], fitted.clusters.labels[row]};
  }
  return make_rows(tree, nearness, search, places, options.compat, take, run);
}

/// The peer gives a new point its neighbour's cluster whatever its density; ours the one that
/// `hdbscan_predict` finds.
Place place_of(const detail::FittedTree& tree, const HdbscanResult& fitted,
               const detail::Placement& placement, bool compat) {
  const std::size_t neighbor = idx(placement.neighbor);
  Place place{tree.parent[neighbor], std::min(placement.lambda, tree.lambda[neighbor])};
  place.is_new = compat || !placement.is_copy;
  if (compat) return place;
  if (placement.is_copy) {
    place.lambda = tree.lambda[neighbor];
    place.label = fitted.clusters.labels[neighbor];
    return place;
  }
  place.cluster = detail::cluster_at(tree, placement);
  place.label = tree.label_of[idx(place.cluster)];
  return place;
}

Result<void> new_rows(const HdbscanResult& fitted, MatrixView<const float> training,
                      MatrixView<const float> points, const HdbscanOptions& options,
                      const TakeRow& take, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  const detail::FittedTree tree(fitted, options.compat);
  TG_TRY(const auto placements,
         detail::find_placements(tree, fitted, training, points, options, run));
  if (fitted.selected.empty()) return {};
  std::vector<std::int32_t> rows;
  std::vector<Place> places;
  for (std::size_t row = 0; row < placements.size(); ++row) {
    if (placements[row].neighbor < 0) continue;
    rows.push_back(narrow<std::int32_t>(row));
    places.push_back(place_of(tree, fitted, placements[row], options.compat));
  }
  if (rows.empty()) return {};
  std::vector<std::int32_t> known_rows = detail::rows_of_fit(fitted);
  const bool has_zero =
      options.metric == Metric::cosine &&
      (detail::has_zero_row(training, known_rows) || detail::has_zero_row(points, rows));
  const detail::SearchRows known =
      detail::search_rows(training, std::move(known_rows), options.metric, has_zero);
  const detail::SearchRows fresh =
      detail::search_rows(points, std::move(rows), options.metric, has_zero);
  const detail::ExemplarDistances nearness(known.x, exemplar_rows(fitted, tree, known),
                                           options.metric);
  return make_rows(tree, nearness, fresh, places, options.compat, take, run);
}

/// Collects rows as a full matrix.
struct FullRows {
  Matrix<float> values;
  FullRows(std::size_t n, std::size_t n_labels) : values(n, n_labels) {}
  void take(std::size_t row, std::span<const double> from) {
    std::transform(from.begin(), from.end(), values.row(row).begin(),
                   [](double value) { return static_cast<float>(value); });
  }
};

Result<std::size_t> rows_kept(const HdbscanResult& fitted, int k) {
  if (k < 1) return option_error("k", "expected at least 1, found " + std::to_string(k));
  return std::min(fitted.selected.size(), static_cast<std::size_t>(k));
}

}  // namespace

Memberships noise_memberships(std::size_t n, std::size_t k) {
  Memberships rows{Matrix<std::int32_t>(n, k), Matrix<float>(n, k), std::vector<float>(n, 1.0F)};
  for (std::size_t row = 0; row < n; ++row) {
    std::iota(rows.clusters.row(row).begin(), rows.clusters.row(row).end(), 0);
  }
  return rows;
}

Result<Memberships> hdbscan_memberships(const HdbscanResult& fitted,
                                        MatrixView<const float> training, int k,
                                        const HdbscanOptions& options, RunContext& run) {
  TG_TRY(const std::size_t n_kept, rows_kept(fitted, k));
  detail::LargestRows rows(training.rows(), n_kept);
  TG_TRY(training_rows(
      fitted, training, options, [&](std::size_t row, auto values) { rows.take(row, values); },
      run));
  return std::move(rows.kept);
}

Result<Matrix<float>> hdbscan_membership_matrix(const HdbscanResult& fitted,
                                                MatrixView<const float> training,
                                                const HdbscanOptions& options, RunContext& run) {
  FullRows rows(training.rows(), fitted.selected.size());
  TG_TRY(training_rows(
      fitted, training, options, [&](std::size_t row, auto values) { rows.take(row, values); },
      run));
  return std::move(rows.values);
}

Result<Memberships> hdbscan_predict_memberships(const HdbscanResult& fitted,
                                                MatrixView<const float> training,
                                                MatrixView<const float> points, int k,
                                                const HdbscanOptions& options, RunContext& run) {
  TG_TRY(const std::size_t n_kept, rows_kept(fitted, k));
  detail::LargestRows rows(points.rows(), n_kept);
  TG_TRY(new_rows(
      fitted, training, points, options,
      [&](std::size_t row, auto values) { rows.take(row, values); }, run));
  return std::move(rows.kept);
}

Result<Matrix<float>> hdbscan_predict_membership_matrix(const HdbscanResult& fitted,
                                                        MatrixView<const float> training,
                                                        MatrixView<const float> points,
                                                        const HdbscanOptions& options,
                                                        RunContext& run) {
  FullRows rows(points.rows(), fitted.selected.size());
  TG_TRY(new_rows(
      fitted, training, points, options,
      [&](std::size_t row, auto values) { rows.take(row, values); }, run));
  return std::move(rows.values);
}

}  // namespace topograph
