#include "neighbors/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Largest finite limit: everything but the padding's infinity passes.
constexpr float no_limit = std::numeric_limits<float>::max();

float round_up(double value) {
  if (value >= static_cast<double>(no_limit)) return no_limit;
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) >= value ? rounded : std::nextafter(rounded, no_limit);
}

}  // namespace

double ExactPairs::half(std::size_t query, std::int32_t reference) const {
  return half_squared(*queries, idx(query_ids[query]), *references,
                      idx(reference_ids[idx(reference)]));
}

float ExactPairs::distance(double half) const { return metric_distance(queries->metric(), half); }

// Distances are ranked as float32: two that differ by less than its rounding are a tie, which the
// smaller id wins. 2^-22 is more than the rounding of two normal floats, 2^-148 of two subnormal.
float ExactPairs::widened(double half_in_frame) const {
  constexpr double relative = 1.0 + 0x1.0p-22;
  constexpr double absolute = 0x1.0p-148;
  if (queries->metric() != Metric::euclidean) {
    // A product of scaled rows may exceed 1 by a hair: what is below 0 is a tie at distance 0.
    return round_up(std::max(half_in_frame, 0.0) * relative + absolute);
  }
  const double distance = std::sqrt(2.0 * half_in_frame) * relative + absolute * scale;
  return round_up(0.5 * distance * distance * relative);
}

CandidateLists::CandidateLists(const ExactPairs& pairs, std::size_t n_padded, std::size_t k)
    : pairs_(pairs),
      k_(k),
      slots_(pairs.query_ids.size(), capacity(k)),
      counts_(pairs.query_ids.size(), 0),
      limits_(n_padded, -std::numeric_limits<float>::infinity()) {
  std::fill_n(limits_.begin(), pairs.query_ids.size(), no_limit);
}

std::size_t CandidateLists::bytes(std::size_t rows, std::size_t k) {
  return rows * (capacity(k) * sizeof(Candidate) + sizeof(std::size_t) + sizeof(float));
}

void CandidateLists::shrink(std::size_t query) {
  prune(query);
  // Many references within the rounding error of the k-th: only exact distances tell them apart.
  if (counts_[query] > capacity(k_) - capacity(k_) / 4) measure(query);
}

void CandidateLists::prune(std::size_t query) {
  const auto list = slots_.row(query).first(counts_[query]);
  if (list.size() <= k_) return;
  const auto kth = list.begin() + narrow<std::ptrdiff_t>(k_ - 1);
  std::nth_element(list.begin(), kth, list.end(),
                   [](const Candidate& a, const Candidate& b) { return a.high < b.high; });
  const float limit = std::min(limits_[query], pairs_.widened(static_cast<double>(kth->high)));
  limits_[query] = limit;
  const auto end =
      std::remove_if(list.begin(), list.end(), [&](const Candidate& c) { return c.low > limit; });
  counts_[query] = idx(end - list.begin());
}

void CandidateLists::measure(std::size_t query) {
  const auto list = slots_.row(query).first(counts_[query]);
  const double to_frame = pairs_.scale * pairs_.scale;
  struct Measured {
    Neighbor neighbor;
    float half = 0;
  };
  std::vector<Measured> measured;
  measured.reserve(list.size());
  for (const Candidate& candidate : list) {
    const double half = pairs_.half(query, candidate.id);
    measured.push_back({{pairs_.distance(half), candidate.id}, round_up(half * to_frame)});
  }
  const std::size_t kept = std::min(k_, measured.size());
  std::nth_element(measured.begin(), measured.begin() + narrow<std::ptrdiff_t>(kept - 1),
                   measured.end(),
                   [](const Measured& a, const Measured& b) { return a.neighbor < b.neighbor; });
  float largest = 0;
  for (std::size_t i = 0; i < kept; ++i) {
    list[i] = {measured[i].half, measured[i].half, measured[i].neighbor.id};
    largest = std::max(largest, measured[i].half);
  }
  counts_[query] = kept;
  limits_[query] = std::min(limits_[query], pairs_.widened(static_cast<double>(largest)));
}

void CandidateLists::finish(std::size_t query, std::vector<Neighbor>& out) {
  prune(query);
  out.clear();
  for (const Candidate& candidate : slots_.row(query).first(counts_[query])) {
    out.push_back({pairs_.distance(pairs_.half(query, candidate.id)), candidate.id});
  }
  std::sort(out.begin(), out.end());
  if (out.size() > k_) out.resize(k_);
}

}  // namespace topograph
