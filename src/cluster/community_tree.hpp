#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/leiden/weighted_graph.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Two communities become one; the larger label joins the smaller one.
struct CommunityMerge {
  std::int32_t kept = 0;
  std::int32_t joined = 0;
  double resolution = 0;     ///< Below it the two score higher together than apart.
  std::int64_t n_moved = 0;  ///< Documents of the smaller one: those whose topic changes.
};

/// Joins communities pair by pair, always the pair that stays apart down to the lowest resolution
/// last: the order is that of w(a, b) / (W_a W_b), which never rises from one merge to the next.
/// Any cut of the list is a partition, and cuts nest.
///
/// @param communities  A vertex a community (`aggregate_graph`).
/// @param documents    Documents of every community.
/// @param fences       Communities with different values stay apart; empty: all may join.
/// @error        cancelled.
/// @determinism  Serial; ties go to smaller labels.
/// @cost         O(e log e) for e links between communities, as long as they stay sparse.
/// @source       Bonald, Charpentier, Galland & Hollocou 2018, arXiv:1806.01664 (Paris).
[[nodiscard]] Result<std::vector<CommunityMerge>> merge_communities(
    const WeightedGraph& communities, std::span<const std::int64_t> documents,
    std::span<const std::int32_t> fences, RunContext& run);

/// Community of every one of n communities once all merges at `resolution` or above are made, named
/// after its smallest member.
[[nodiscard]] std::vector<std::int32_t> cut_merges(std::span<const CommunityMerge> merges,
                                                   std::size_t n, double resolution);

/// Share of documents whose topic stays when the resolution varies by a factor of sqrt(2) up and
/// down around `resolution`.
[[nodiscard]] double stability_at(std::span<const CommunityMerge> merges, double resolution,
                                  std::int64_t n_documents);

}  // namespace topograph::detail
