#pragma once

#include <cstdint>
#include <span>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// The graph among some of its vertices, with vertex members[i] as vertex i: all of them in another
/// order, or those of a connected component.
///
/// @param members  No edge leaves them.
/// @param place    (vertices) where each is among the members; the rest is not looked at.
/// @determinism    Bit-identical for any thread count.
[[nodiscard]] Result<Csr<float>> renumbered_graph(CsrView<float> graph,
                                                  std::span<const std::int32_t> members,
                                                  std::span<const std::int32_t> place,
                                                  RunContext& run);

}  // namespace topograph::detail
