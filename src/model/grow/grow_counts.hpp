#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/partial_fit.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

/// What taking decayed counts away may leave.
inline constexpr double kCountRounding = 1e-9;

/// Documents whose terms are added to a row of the counts, or taken away.
struct CountChange {
  std::int64_t text = 0;  ///< Of `CountGrowth::texts`.
  std::int32_t row = 0;   ///< Of the new counts.
  double factor = 0;      ///< Copies; negative: taken away.
  bool is_new = false;    ///< A document of the batch: it may bring new terms.
};

struct CountGrowth {
  TextColumn texts = {};
  std::vector<CountChange> changes = {};
  std::vector<std::int32_t> row_of_old = {};  ///< New row of each old one.
  std::size_t n_rows = 0;
};

struct GrownCounts {
  TermCounts counts = {};
  std::int64_t n_new_terms = 0;
  std::int64_t n_dropped_terms = 0;
};

/// Counts of topics after a batch: the old ones times (1 - decay), then the changes. New terms come
/// in by the rules of the plan (`min_df`, `max_df`, over the batch's documents); terms beyond
/// `max_terms` (the rarest, ties by their bytes) or below `min_count` go.
/// @peer BERTopic 0.17.4 `OnlineCountVectorizer` (golden test); terms keep the order of their
/// bytes.
[[nodiscard]] Result<GrownCounts> grow_counts(const TermCounts& old, const CountGrowth& growth,
                                              const OnlineOptions& options, RunContext& run);

}  // namespace topograph
