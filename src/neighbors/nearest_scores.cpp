#include "neighbors/nearest_scores.hpp"

#include <algorithm>
#include <limits>

#include "topograph/core/narrow.hpp"

namespace topograph {

NearestScores::NearestScores(std::size_t n_queries, std::size_t keep)
    : keep_(keep), slots_(n_queries, 2 * keep + 16), counts_(n_queries), limits_(n_queries) {
  reset();
}

void NearestScores::reset() {
  for (std::size_t i = 0; i < counts_.size(); ++i) reset_one(i);
}

void NearestScores::reset_one(std::size_t query) {
  counts_[query] = 0;
  limits_[query] = std::numeric_limits<float>::max();
}

void NearestScores::cut(std::size_t query) {
  const auto list = slots_.row(query).first(counts_[query]);
  if (list.size() <= keep_) return;
  std::nth_element(list.begin(), list.begin() + narrow<std::ptrdiff_t>(keep_ - 1), list.end());
  limits_[query] = list[keep_ - 1].score;
  counts_[query] = keep_;
}

std::span<const ScoredRow> NearestScores::sorted(std::size_t query) {
  cut(query);
  const auto list = slots_.row(query).first(counts_[query]);
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace topograph
