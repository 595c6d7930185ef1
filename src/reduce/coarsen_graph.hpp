#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A smaller graph of groups of neighbours.
struct CoarseGraph {
  std::vector<std::int32_t> group_of =
      {};  ///< Of every vertex; groups are numbered by first member.
  /// Summed weights between groups; the diagonal is the weight inside, every edge counted from both
  /// of its ends, so that degrees are sums of degrees.
  Csr<float> graph = {};
};

/// Every vertex joins the neighbour it is closest to, by weight / sqrt(product of degrees), while
/// the neighbour's group has room (ties: the smaller number). Vertices are visited by number.
///
/// @param graph  Symmetric.
/// @determinism  Bit-identical for any thread count.
/// @cost         O(edges); one pass on one thread, the sums on all.
[[nodiscard]] Result<CoarseGraph> coarsen_graph(CsrView<float> graph, RunContext& run);

/// Vertices such that those of a group are neighbours in memory, groups in the order given.
/// @return order[i]: the vertex in place i.
[[nodiscard]] std::vector<std::int32_t> order_by_group(std::span<const std::int32_t> group_of,
                                                       std::span<const std::int32_t> group_order);

/// Where each vertex is in an order.
[[nodiscard]] std::vector<std::int32_t> places_in(std::span<const std::int32_t> order);

}  // namespace topograph::detail
