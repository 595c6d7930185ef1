#include "topograph/cluster/communities.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "cluster/community_graph.hpp"
#include "cluster/community_layers.hpp"
#include "cluster/leiden/leiden.hpp"
#include "cluster/leiden/partition_quality.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/small_communities.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 4096;

Result<void> check_row(CsrView<float> edges, std::size_t row) {
  const auto wrong = [&](std::string message) {
    return input_error(ErrorCode::invalid_argument, "row " + std::to_string(row),
                       std::move(message));
  };
  const auto columns = edges.row_columns(row);
  const auto values = edges.row_values(row);
  for (std::size_t e = 0; e < columns.size(); ++e) {
    if (columns[e] < 0 || idx(columns[e]) >= edges.rows()) {
      return wrong("expected edges to one of " + std::to_string(edges.rows()) +
                   " points, found one to " + std::to_string(columns[e]));
    }
    if (idx(columns[e]) == row) return wrong("expected no edge from a point to itself");
    if (e > 0 && columns[e] <= columns[e - 1]) {
      return wrong("expected edges in order of the points they lead to, each once");
    }
    if (!std::isfinite(values[e]) || values[e] <= 0) {
      return wrong("expected positive finite edge weights, found " + std::to_string(values[e]));
    }
  }
  return {};
}

Result<void> check_input(const FuzzyGraph& graph, std::span<const std::int32_t> weights,
                         RunContext& run) {
  const std::size_t n = graph.rows();
  if (graph.edges.cols() != n && n > 0) {
    return input_error(ErrorCode::invalid_argument, "communities",
                       "expected a square graph, found " + std::to_string(n) + " rows and " +
                           std::to_string(graph.edges.cols()) + " columns");
  }
  if (!weights.empty() && weights.size() != n) {
    return input_error(ErrorCode::invalid_argument, "communities",
                       "expected " + std::to_string(n) + " document counts, found " +
                           std::to_string(weights.size()));
  }
  for (std::size_t v = 0; v < weights.size(); ++v) {
    if (weights[v] >= 1) continue;
    return input_error(
        ErrorCode::invalid_argument, "row " + std::to_string(v),
        "expected a document count of at least 1, found " + std::to_string(weights[v]));
  }
  const CsrView<float> edges = graph.edges.view();
  return parallel_blocks(run, n, kRowGrain, [&](const Block& block) -> Result<void> {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      TG_TRY(check_row(edges, row));
    }
    return {};
  });
}

/// Share of each vertex's edge weight that stays inside its community; 1 without edges.
Result<std::vector<float>> inside_shares(CsrView<float> edges, std::span<const std::int32_t> labels,
                                         RunContext& run) {
  std::vector<float> shares(edges.rows(), 1.0F);
  TG_TRY(parallel_blocks(run, edges.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const auto columns = edges.row_columns(row);
      const auto values = edges.row_values(row);
      double inside = 0;
      double total = 0;
      for (std::size_t e = 0; e < columns.size(); ++e) {
        const double weight = static_cast<double>(values[e]);
        total += weight;
        if (labels[idx(columns[e])] == labels[row]) inside += weight;
      }
      if (total > 0) shares[row] = static_cast<float>(inside / total);
    }
  }));
  return shares;
}

/// Leiden, small communities joined, labels ordered by size.
Result<detail::Partition> base_partition(const detail::CommunityGraph& graph,
                                         std::span<const std::int32_t> documents, double resolution,
                                         const CommunitiesOptions& options, RunContext& run) {
  detail::Partition base{.resolution = resolution};
  const detail::LeidenSettings settings{resolution * graph.scale, options.n_iterations,
                                        random_key(run.seed(), "communities").value};
  TG_TRY(base.labels, detail::leiden(graph.view(), settings, run));
  auto n = narrow<std::int32_t>(detail::number_by_size(base.labels, documents).size());
  TG_TRY(base.labels, detail::join_small_communities(graph.view(), documents, options.min_size,
                                                     std::move(base.labels), n, run));
  n = narrow<std::int32_t>(detail::number_by_size(base.labels, documents).size());
  base.n_communities = n;
  return base;
}

/// Marks members that belong to no topic: those of a component too small to be one, and weak ones.
std::vector<bool> find_outsiders(const detail::Partition& base,
                                 std::span<const std::int32_t> documents,
                                 std::span<const float> shares, const CommunitiesOptions& options) {
  const auto size = detail::documents_per_community(base.labels, documents, base.n_communities);
  std::vector<bool> is_outsider(base.labels.size(), false);
  for (std::size_t v = 0; v < is_outsider.size(); ++v) {
    is_outsider[v] =
        size[idx(base.labels[v])] < options.min_size || shares[v] < options.min_strength;
  }
  return is_outsider;
}

CommunityLayer as_layer(detail::Partition partition, const std::vector<bool>& is_outsider,
                        std::span<const std::int32_t> documents) {
  CommunityLayer layer{.resolution = partition.resolution,
                       .stability = partition.stability,
                       .labels = std::move(partition.labels)};
  for (std::size_t v = 0; v < layer.labels.size(); ++v) {
    if (is_outsider[v]) layer.labels[v] = kNoise;
  }
  layer.n_clusters = narrow<std::int32_t>(detail::number_by_size(layer.labels, documents).size());
  return layer;
}

}  // namespace

Result<Communities> communities(const FuzzyGraph& graph, std::span<const std::int32_t> weights,
                                const CommunitiesOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "communities"));
  if (!options.resolution && options.objective == CommunityObjective::cpm) {
    return option_error("communities.resolution",
                        "expected a number with objective = cpm, found auto",
                        "the constant Potts model has no scale of its own");
  }
  TG_TRY(check_input(graph, weights, run));

  TG_TRY(const detail::CommunityGraph edges,
         detail::community_graph(graph.edges.view(), weights, options.objective, run));
  double resolution = options.resolution.value_or(1.0);
  if (!options.resolution) {
    TG_TRY(resolution, detail::stable_resolution(edges, weights, options, run));
  }
  TG_TRY(const detail::Partition base, base_partition(edges, weights, resolution, options, run));
  TG_TRY(auto shares, inside_shares(graph.edges.view(), base.labels, run));
  const std::vector<bool> is_outsider = find_outsiders(base, weights, shares, options);
  TG_TRY(auto series, detail::nested_partitions(edges, weights, base, options, run));

  Communities result{.resolution = resolution};
  TG_TRY(result.quality,
         detail::partition_quality(edges.view(), resolution * edges.scale, base.labels, run));
  CommunityLayer own = as_layer(base, is_outsider, weights);
  result.base.labels = own.labels;
  result.base.n_clusters = own.n_clusters;
  for (std::size_t v = 0; v < shares.size(); ++v) {
    if (is_outsider[v]) shares[v] = 0;
  }
  result.base.strength = std::move(shares);
  for (detail::Partition& partition : series) {
    CommunityLayer layer = as_layer(std::move(partition), is_outsider, weights);
    // Layers can become equal once outsiders are set aside; the base one is the one to keep.
    const bool is_base = layer.labels == own.labels;
    if (is_base) layer.resolution = resolution;
    if (!result.layers.empty() && result.layers.back().labels == layer.labels) {
      if (is_base) result.layers.back() = std::move(layer);
      continue;
    }
    result.layers.push_back(std::move(layer));
  }
  return result;
}

}  // namespace topograph
