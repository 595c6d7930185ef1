#include "cluster/community_layers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "cluster/community_tree.hpp"
#include "cluster/leiden/aggregate_graph.hpp"
#include "cluster/leiden/leiden.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/small_communities.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

/// Cuts looked at in an octave of resolution.
constexpr int kCutsPerOctave = 8;
// Octaves that an automatic resolution may be away from 1.
constexpr int kCoarsestOctave = -2;
constexpr int kFinestOctave = 3;

void renumber(Partition& partition, std::span<const std::int32_t> documents) {
  partition.n_communities =
      narrow<std::int32_t>(number_by_size(partition.labels, documents).size());
}

std::int64_t count_documents(std::span<const std::int32_t> documents, std::size_t n_points) {
  if (documents.empty()) return narrow<std::int64_t>(n_points);
  std::int64_t sum = 0;
  for (const std::int32_t count : documents) sum += count;
  return sum;
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

/// Communities inside those of `coarser` at a higher resolution.
Result<Partition> refine(const CommunityGraph& graph, std::span<const std::int32_t> documents,
                         const Partition& coarser, double resolution,
                         const CommunitiesOptions& options, RunContext& run) {
  // Without the edges between communities Leiden cannot join across them.
  TG_TRY(const OwnGraph cut, cut_between(graph.view(), coarser.labels, run));
  Partition finer{.resolution = resolution};
  const LeidenSettings settings{resolution * graph.scale, options.n_iterations,
                                random_key(run.seed(), "communities.layers").value};
  TG_TRY(finer.labels, leiden(cut.view(), settings, run));
  renumber(finer, documents);
  TG_TRY(finer.labels, join_small_communities(cut.view(), documents, options.min_size,
                                              std::move(finer.labels), finer.n_communities, run));
  renumber(finer, documents);
  absorb_fragments(finer, coarser, documents, options.min_size);
  return finer;
}

/// Merges of the communities of `finest`, in the user's resolutions; fenced: up to those of `base`.
Result<std::vector<CommunityMerge>> merges_above(const CommunityGraph& graph,
                                                 std::span<const std::int32_t> documents,
                                                 const Partition& finest, const Partition* base,
                                                 RunContext& run) {
  TG_TRY(const OwnGraph whole,
         aggregate_graph(graph.view(), finest.labels, finest.n_communities, run));
  std::vector<std::int32_t> fences;
  if (base != nullptr) {
    fences.resize(idx(finest.n_communities));
    for (std::size_t v = 0; v < finest.labels.size(); ++v) {
      fences[idx(finest.labels[v])] = base->labels[v];
    }
  }
  const auto sizes = documents_per_community(finest.labels, documents, finest.n_communities);
  TG_TRY(auto merges, merge_communities(whole.view(), sizes, fences, run));
  for (CommunityMerge& merge : merges) merge.resolution /= graph.scale;
  return merges;
}

/// The most stable of the resolutions half an octave around `center`, ties to the nearest.
double most_stable(std::span<const CommunityMerge> merges, double center,
                   std::int64_t n_documents) {
  double best = center;
  double best_stability = stability_at(merges, center, n_documents);
  for (int distance = 1; distance <= kCutsPerOctave / 2; ++distance) {
    for (const int step : {distance, -distance}) {
      const double at = center * std::exp2(static_cast<double>(step) / kCutsPerOctave);
      const double stability = stability_at(merges, at, n_documents);
      if (stability <= best_stability) continue;
      best = at;
      best_stability = stability;
    }
  }
  return best;
}

Partition cut_at(std::span<const CommunityMerge> merges, const Partition& finest, double resolution,
                 std::span<const std::int32_t> documents, std::int64_t n_documents) {
  const auto joined = cut_merges(merges, idx(finest.n_communities), resolution);
  Partition cut{.resolution = resolution,
                .stability = stability_at(merges, resolution, n_documents),
                .labels = finest.labels};
  for (std::int32_t& label : cut.labels) label = joined[idx(label)];
  renumber(cut, documents);
  return cut;
}

}  // namespace

Result<std::vector<Partition>> nested_partitions(const CommunityGraph& graph,
                                                 std::span<const std::int32_t> documents,
                                                 Partition base, const CommunitiesOptions& options,
                                                 RunContext& run) {
  const int n_coarser = options.n_layers / 2;
  const int n_finer = options.n_layers - n_coarser;
  if (options.n_layers == 0) return std::vector<Partition>{std::move(base)};
  const std::int64_t n_documents = count_documents(documents, base.labels.size());
  TG_TRY(const Partition finest,
         refine(graph, documents, base, base.resolution * std::exp2(n_finer + 1), options, run));
  TG_TRY(const auto inside, merges_above(graph, documents, finest, &base, run));
  TG_TRY(const auto above, merges_above(graph, documents, base, nullptr, run));
  base.stability = std::max(0.0, stability_at(inside, base.resolution, n_documents) +
                                     stability_at(above, base.resolution, n_documents) - 1);
  std::vector<Partition> series;
  const auto add = [&](Partition next) {
    if (series.empty() || next.labels != series.back().labels) series.push_back(std::move(next));
  };
  for (int octave = n_coarser; octave >= 1; --octave) {
    const double at = most_stable(above, base.resolution * std::exp2(-octave), n_documents);
    Partition coarser = cut_at(above, base, at, documents, n_documents);
    if (coarser.labels != base.labels) add(std::move(coarser));
  }
  add(base);
  for (int octave = 1; octave <= n_finer; ++octave) {
    const double at = most_stable(inside, base.resolution * std::exp2(octave), n_documents);
    add(cut_at(inside, finest, at, documents, n_documents));
  }
  return series;
}

Result<double> stable_resolution(const CommunityGraph& graph,
                                 std::span<const std::int32_t> documents,
                                 const CommunitiesOptions& options, RunContext& run) {
  const std::size_t n = graph.vertex_weights.size();
  Partition all{.labels = std::vector<std::int32_t>(n, 0), .n_communities = n > 0 ? 1 : 0};
  TG_TRY(const Partition finest,
         refine(graph, documents, all, std::exp2(kFinestOctave + 0.5), options, run));
  TG_TRY(const auto merges, merges_above(graph, documents, finest, nullptr, run));
  const std::int64_t n_documents = count_documents(documents, n);
  double best = 1;
  double best_stability = stability_at(merges, best, n_documents);
  for (int step = kCoarsestOctave * kCutsPerOctave; step <= kFinestOctave * kCutsPerOctave;
       ++step) {
    const double at = std::exp2(static_cast<double>(step) / kCutsPerOctave);
    const double stability = stability_at(merges, at, n_documents);
    const bool is_nearer = std::abs(std::log2(at)) < std::abs(std::log2(best));
    if (stability < best_stability || (stability == best_stability && !is_nearer)) continue;
    best = at;
    best_stability = stability;
  }
  return best;
}

}  // namespace topograph::detail
