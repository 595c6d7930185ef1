#include "cluster/community_layers.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cluster/leiden/aggregate_graph.hpp"
#include "cluster/leiden/leiden.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/small_communities.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

void renumber(Partition& partition, std::span<const std::int32_t> documents) {
  partition.n_communities =
      narrow<std::int32_t>(number_by_size(partition.labels, documents).size());
}

Result<Partition> coarsen(const WeightedGraph& graph, std::span<const std::int32_t> documents,
                          const Partition& finer, const LeidenSettings& settings, RunContext& run) {
  TG_TRY(const OwnGraph whole, aggregate_graph(graph, finer.labels, finer.n_communities, run));
  TG_TRY(const auto joined, leiden(whole.view(), settings, run));
  Partition coarser = finer;
  for (std::int32_t& label : coarser.labels) label = joined[idx(label)];
  renumber(coarser, documents);
  return coarser;
}

/// Fragments that are still too small have no edge to a sibling; they join the largest one, so that
/// the layer has no topic smaller than asked for and still nests.
void absorb_fragments(Partition& finer, const Partition& parents,
                      std::span<const std::int32_t> documents, int min_size) {
  const auto size = documents_per_community(finer.labels, documents, finer.n_communities);
  std::vector<std::int32_t> largest(idx(parents.n_communities), -1);
  std::vector<std::int32_t> parent(idx(finer.n_communities), -1);
  for (std::size_t v = 0; v < finer.labels.size(); ++v) {
    // Labels are ordered by size: the smallest label inside a parent is its largest community.
    std::int32_t& best = largest[idx(parents.labels[v])];
    if (best < 0 || finer.labels[v] < best) best = finer.labels[v];
    parent[idx(finer.labels[v])] = parents.labels[v];
  }
  for (std::int32_t& label : finer.labels) {
    if (size[idx(label)] < min_size) label = largest[idx(parent[idx(label)])];
  }
  renumber(finer, documents);
}

Result<Partition> refine(const WeightedGraph& graph, std::span<const std::int32_t> documents,
                         const Partition& coarser, int min_size, const LeidenSettings& settings,
                         RunContext& run) {
  // Without the edges between communities Leiden cannot join across them.
  TG_TRY(const OwnGraph cut, cut_between(graph, coarser.labels, run));
  Partition finer;
  TG_TRY(finer.labels, leiden(cut.view(), settings, run));
  renumber(finer, documents);
  TG_TRY(finer.labels, join_small_communities(cut.view(), documents, min_size,
                                              std::move(finer.labels), finer.n_communities, run));
  renumber(finer, documents);
  absorb_fragments(finer, coarser, documents, min_size);
  return finer;
}

}  // namespace

Result<std::vector<Partition>> nested_partitions(const CommunityGraph& graph,
                                                 std::span<const std::int32_t> documents,
                                                 const Partition& base,
                                                 const CommunitiesOptions& options,
                                                 RunContext& run) {
  const RandomKey key = random_key(run.seed(), "communities.layers");
  const int n_coarser = options.n_layers / 2;
  const int n_finer = options.n_layers - n_coarser;
  std::vector<Partition> series{base};
  double resolution = base.resolution;
  for (int step = 1; step <= n_coarser; ++step) {
    resolution /= 2;
    const LeidenSettings settings{resolution * graph.scale, options.n_iterations,
                                  random_bits(key, 0, static_cast<std::uint64_t>(step))};
    TG_TRY(Partition next, coarsen(graph.view(), documents, series.back(), settings, run));
    next.resolution = resolution;
    if (next.labels != series.back().labels) series.push_back(std::move(next));
  }
  std::reverse(series.begin(), series.end());
  resolution = base.resolution;
  for (int step = 1; step <= n_finer; ++step) {
    resolution *= 2;
    const LeidenSettings settings{resolution * graph.scale, options.n_iterations,
                                  random_bits(key, 1, static_cast<std::uint64_t>(step))};
    TG_TRY(Partition next,
           refine(graph.view(), documents, series.back(), options.min_size, settings, run));
    next.resolution = resolution;
    if (next.labels != series.back().labels) series.push_back(std::move(next));
  }
  return series;
}

}  // namespace topograph::detail
