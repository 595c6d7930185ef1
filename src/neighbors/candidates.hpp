#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/metric_rows.hpp"

namespace topograph {

/// Exact distances between chosen rows of two sets, and what they mean in the scaled frame.
struct ExactPairs {
  const MetricRows* queries = nullptr;
  std::span<const std::int32_t> query_ids = {};
  const MetricRows* references = nullptr;
  std::span<const std::int32_t> reference_ids = {};
  double scale = 1;

  [[nodiscard]] double half(std::size_t query, std::int32_t reference) const;
  [[nodiscard]] float distance(double half) const;
  /// A frame value that no row whose float32 distance is <= that of `half` (frame units) exceeds.
  [[nodiscard]] float widened(double half_in_frame) const;
};

struct Neighbor {
  float distance = 0;
  std::int32_t id = 0;
  [[nodiscard]] auto operator<=>(const Neighbor&) const = default;
};

/// For every query the references that may still be among its k nearest.
///
/// What is known of a reference is an interval [low, high] that holds its half squared distance.
/// One whose low end lies above the k-th smallest high end cannot be an answer and is dropped; what
/// is left in the end is measured exactly. Nothing that could be an answer is ever dropped, so the
/// result does not depend on the order in which references are offered.
class CandidateLists {
 public:
  CandidateLists(const ExactPairs& pairs, std::size_t n_padded, std::size_t k);
  [[nodiscard]] static std::size_t bytes(std::size_t rows, std::size_t k);

  /// One limit a query (padding: nothing passes): references with low <= limit are to be offered.
  [[nodiscard]] const float* limits() const { return limits_.data(); }
  void offer(std::size_t query, std::int32_t reference, float low, float high) {
    std::size_t& count = counts_[query];
    slots_[query, count] = {low, high, reference};
    if (++count == slots_.cols()) shrink(query);
  }
  /// The k nearest by (distance, id), ascending, appended to an emptied `out`.
  void finish(std::size_t query, std::vector<Neighbor>& out);

 private:
  struct Candidate {
    float low = 0;
    float high = 0;
    std::int32_t id = 0;
  };
  static std::size_t capacity(std::size_t k) { return 2 * k + 32; }
  void shrink(std::size_t query);
  void prune(std::size_t query);
  void measure(std::size_t query);

  ExactPairs pairs_;
  std::size_t k_ = 0;
  Matrix<Candidate> slots_ = {};
  std::vector<std::size_t> counts_ = {};
  std::vector<float> limits_ = {};
};

}  // namespace topograph
