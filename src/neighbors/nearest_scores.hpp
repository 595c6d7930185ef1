#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"

namespace topograph {

struct ScoredRow {
  float score = 0;
  std::int32_t id = 0;
  [[nodiscard]] auto operator<=>(const ScoredRow&) const = default;
};

/// For some queries the `keep` best scored rows offered so far, ties by the smaller id. The outcome
/// does not depend on the order of the offers.
class NearestScores {
 public:
  NearestScores(std::size_t n_queries, std::size_t keep);
  void reset();
  void reset_one(std::size_t query);

  /// Rows that score above it are not needed.
  [[nodiscard]] float limit(std::size_t query) const { return limits_[query]; }
  void offer(std::size_t query, float score, std::int32_t id) {
    slots_[query, counts_[query]] = {score, id};
    if (++counts_[query] == slots_.cols()) cut(query);
  }
  /// The best, ascending.
  [[nodiscard]] std::span<const ScoredRow> sorted(std::size_t query);

 private:
  void cut(std::size_t query);

  std::size_t keep_ = 0;
  Matrix<ScoredRow> slots_ = {};
  std::vector<std::size_t> counts_ = {};
  std::vector<float> limits_ = {};
};

}  // namespace topograph
