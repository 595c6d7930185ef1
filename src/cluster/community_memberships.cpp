#include "topograph/cluster/community_memberships.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "cluster/largest_rows.hpp"
#include "cluster/membership_formula.hpp"
#include "cluster/neighbor_weights.hpp"
#include "topograph/cluster/types.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 512;

/// Shares of the weights of the labels met; what -1 holds is in none.
template <class Weight>
void fill_shares(std::span<const std::int32_t> ids, std::span<const Weight> weights,
                 std::span<const std::int32_t> labels, std::vector<double>& row) {
  std::ranges::fill(row, 0.0);
  double total = 0;
  for (std::size_t j = 0; j < ids.size(); ++j) {
    const auto weight = static_cast<double>(weights[j]);
    total += weight;
    const std::int32_t label = labels[idx(ids[j])];
    if (label != kNoise) row[idx(label)] += weight;
  }
  if (total <= 0) return;
  for (double& value : row) value /= total;
}

void copy_row(const Memberships& from, std::size_t from_row, Memberships& to, std::size_t to_row) {
  std::ranges::copy(from.clusters.row(from_row), to.clusters.row(to_row).begin());
  std::ranges::copy(from.values.row(from_row), to.values.row(to_row).begin());
  to.noise[to_row] = from.noise[from_row];
}

}  // namespace

Result<Memberships> community_memberships(const FuzzyGraph& graph,
                                          std::span<const std::int32_t> labels,
                                          std::int32_t n_clusters, int k, RunContext& run) {
  TG_EXPECTS(labels.size() == graph.rows());
  if (k < 1) return option_error("k", "expected at least 1, found " + std::to_string(k));
  detail::LargestRows rows(labels.size(), std::min(idx(k), idx(n_clusters)));
  const CsrView<float> edges = graph.edges.view();
  TG_TRY(parallel_blocks(run, labels.size(), kRowGrain, [&](const Block& block) {
    std::vector<double> row(idx(n_clusters));
    for (std::size_t v = block.begin; v < block.end; ++v) {
      fill_shares(edges.row_columns(v), edges.row_values(v), labels, row);
      detail::agree_with_label(row, labels[v]);
      if (edges.row_columns(v).empty() && labels[v] != kNoise) row[idx(labels[v])] = 1;
      rows.take(v, row);
    }
  }));
  return std::move(rows.kept);
}

Result<Memberships> predict_community_memberships(const KnnGraph& neighbors,
                                                  std::span<const std::int32_t> training_labels,
                                                  const Memberships& training,
                                                  std::span<const std::int32_t> labels,
                                                  std::int32_t n_clusters, RunContext& run) {
  TG_EXPECTS(labels.size() == neighbors.rows());
  detail::LargestRows rows(labels.size(), training.k());
  TG_TRY(parallel_blocks(run, labels.size(), kRowGrain, [&](const Block& block) {
    std::vector<double> row(idx(n_clusters));
    std::vector<double> weights;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto ids = neighbors.ids.row(i);
      if (neighbors.distances[i, 0] == 0.0F) {
        copy_row(training, idx(ids[0]), rows.kept, i);
        continue;
      }
      detail::neighbor_weights(neighbors.distances.row(i), weights);
      fill_shares(std::span<const std::int32_t>(ids), std::span<const double>(weights),
                  training_labels, row);
      detail::agree_with_label(row, labels[i]);
      rows.take(i, row);
    }
  }));
  return std::move(rows.kept);
}

}  // namespace topograph
