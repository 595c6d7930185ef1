#pragma once

#include <cstddef>

#include "neighbors/equal_rows.hpp"
#include "neighbors/metric_rows.hpp"
#include "neighbors/packed_rows.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// The share of the graph's neighbours that are no farther than the true k-th one, over
/// `n_sampled` rows (at least 1) drawn with the run's seed and searched exactly.
[[nodiscard]] Result<double> measure_recall(const MetricRows& rows, const EqualRows& groups,
                                            const SearchFrame& frame, const KnnGraph& graph,
                                            std::size_t n_sampled, RunContext& run);

}  // namespace topograph
