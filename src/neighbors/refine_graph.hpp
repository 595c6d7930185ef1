#pragma once

#include "neighbors/equal_rows.hpp"
#include "neighbors/group_rows.hpp"
#include "neighbors/list_search.hpp"
#include "neighbors/metric_rows.hpp"
#include "neighbors/row_lists.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// One round of improvement: every group looks among the neighbours of its neighbours and of the
/// groups whose neighbour it is. Reads one graph and writes another, so the outcome does not depend
/// on the order of the groups.
/// @source The idea: Dong, Charikar & Li 2011, "Efficient k-nearest neighbor graph construction"
///         (NN-descent); differs: no sampling, whole rounds, candidates chosen by stored rows.
[[nodiscard]] Result<NearestGroups> refine_graph(const MetricRows& rows, const EqualRows& groups,
                                                 const RowLists& lists, const NearestGroups& graph,
                                                 std::size_t n_measured, Ranking ranking,
                                                 Stage& stage, RunContext& run);

}  // namespace topograph
