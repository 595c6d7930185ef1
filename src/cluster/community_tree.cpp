#include "cluster/community_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numbers>
#include <queue>
#include <tuple>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

/// A pair that could join, with what it was worth when it was last looked at.
struct Candidate {
  double resolution = 0;
  std::int32_t first = 0;
  std::int32_t second = 0;

  /// The best on top of a heap: high resolution, then small labels.
  bool operator<(const Candidate& other) const {
    return std::tie(resolution, other.first, other.second) <
           std::tie(other.resolution, first, second);
  }
};

class Merger {
 public:
  Merger(const WeightedGraph& communities, std::span<const std::int64_t> documents,
         std::span<const std::int32_t> fences)
      : weight_(communities.vertex_weights.begin(), communities.vertex_weights.end()),
        documents_(documents.begin(), documents.end()),
        is_gone_(documents.size(), false),
        links_(documents.size()) {
    for (std::size_t a = 0; a < links_.size(); ++a) {
      const auto columns = communities.edges.row_columns(a);
      const auto values = communities.edges.row_values(a);
      for (std::size_t e = 0; e < columns.size(); ++e) {
        // One of the two directions, for both: rounding may differ between them.
        if (idx(columns[e]) < a || (!fences.empty() && fences[a] != fences[idx(columns[e])]))
          continue;
        const std::int32_t b = columns[e];
        links_[a][b] = static_cast<double>(values[e]);
        links_[idx(b)][narrow<std::int32_t>(a)] = static_cast<double>(values[e]);
        add(narrow<std::int32_t>(a), b);
      }
    }
  }

  Result<std::vector<CommunityMerge>> run(RunContext& run) {
    std::vector<CommunityMerge> merges;
    while (!candidates_.empty()) {
      if (run.stop_requested()) return cancelled();
      const Candidate best = candidates_.top();
      candidates_.pop();
      if (is_gone_[idx(best.first)] || is_gone_[idx(best.second)]) continue;
      // Communities grow, so what was noted may be too much, never too little.
      if (worth(best.first, best.second) < best.resolution) {
        add(best.first, best.second);
        continue;
      }
      double resolution = best.resolution;
      if (!merges.empty()) resolution = std::min(resolution, merges.back().resolution);
      merges.push_back({best.first, best.second, resolution,
                        std::min(documents_[idx(best.first)], documents_[idx(best.second)])});
      join(best.first, best.second);
    }
    return merges;
  }

 private:
  [[nodiscard]] double worth(std::int32_t a, std::int32_t b) const {
    return links_[idx(a)].at(b) / (weight_[idx(a)] * weight_[idx(b)]);
  }
  void add(std::int32_t a, std::int32_t b) {
    candidates_.push({worth(a, b), std::min(a, b), std::max(a, b)});
  }
  void join(std::int32_t kept, std::int32_t joined) {
    is_gone_[idx(joined)] = true;
    weight_[idx(kept)] += weight_[idx(joined)];
    documents_[idx(kept)] += documents_[idx(joined)];
    for (const auto& [other, weight] : links_[idx(joined)]) {
      links_[idx(other)].erase(joined);
      if (other == kept) continue;
      links_[idx(kept)][other] += weight;
      links_[idx(other)][kept] += weight;
      add(kept, other);
    }
    links_[idx(joined)].clear();
  }

  std::vector<double> weight_;
  std::vector<std::int64_t> documents_;
  std::vector<bool> is_gone_;
  std::vector<std::map<std::int32_t, double>> links_;
  std::priority_queue<Candidate> candidates_ = {};
};

}  // namespace

Result<std::vector<CommunityMerge>> merge_communities(const WeightedGraph& communities,
                                                      std::span<const std::int64_t> documents,
                                                      std::span<const std::int32_t> fences,
                                                      RunContext& run) {
  TG_EXPECTS(documents.size() == communities.n_vertices());
  return Merger(communities, documents, fences).run(run);
}

std::vector<std::int32_t> cut_merges(std::span<const CommunityMerge> merges, std::size_t n,
                                     double resolution) {
  std::vector<std::int32_t> labels(n);
  for (std::size_t c = 0; c < n; ++c) labels[c] = narrow<std::int32_t>(c);
  // Backwards, so that whoever a community joined already has its final name.
  std::size_t n_made = 0;
  while (n_made < merges.size() && merges[n_made].resolution >= resolution) ++n_made;
  for (std::size_t i = n_made; i-- > 0;) {
    labels[idx(merges[i].joined)] = labels[idx(merges[i].kept)];
  }
  return labels;
}

double stability_at(std::span<const CommunityMerge> merges, double resolution,
                    std::int64_t n_documents) {
  std::int64_t n_moved = 0;
  for (const CommunityMerge& merge : merges) {
    const bool is_near = merge.resolution >= resolution / std::numbers::sqrt2 &&
                         merge.resolution <= resolution * std::numbers::sqrt2;
    if (is_near) n_moved += merge.n_moved;
  }
  const double share =
      static_cast<double>(n_moved) / static_cast<double>(std::max<std::int64_t>(1, n_documents));
  return std::max(0.0, 1 - share);
}

}  // namespace topograph::detail
