#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/row_codes.hpp"

namespace topograph {

struct ScoredRow {
  float score = 0;
  std::int32_t id = 0;
  [[nodiscard]] auto operator<=>(const ScoredRow&) const = default;
};

/// For some queries the `keep` best scored rows offered so far, ties by the smaller id. The outcome
/// does not depend on the order of the offers.
class NearestCodes {
 public:
  NearestCodes(std::size_t n_queries, std::size_t keep);
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

/// Offers the rows [begin, end) of the panels (multiples of the panel) to chosen rows of `codes`;
/// `targets` are their numbers in `nearest`. Row i of the panels is offered as id i.
void scan_panels(const RowCodes& codes, std::span<const std::int32_t> chosen,
                 std::span<const std::int32_t> targets, const CodePanels& panels, std::size_t begin,
                 std::size_t end, NearestCodes& nearest);

}  // namespace topograph
