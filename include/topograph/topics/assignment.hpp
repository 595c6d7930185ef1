#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Pairs rows with columns, each at most once, so that the gains of the pairs sum to the most.
///
/// @param gain   (n, m), at least 0; what gains 0 is no pair.
/// @return       Column of every row, -1: none.
/// @error        cancelled.
/// @determinism  Ties go to what is found first, rows and columns ascending.
/// @cost         O(min(n, m)^2 max(n, m)), less where pairs are clear.
/// @source       Crouse 2016, "On implementing 2D rectangular assignment algorithms", shortest
///               augmenting paths. @peer scipy 1.17.1 `linear_sum_assignment(maximize=True)`.
[[nodiscard]] Result<std::vector<std::int32_t>> best_pairs(MatrixView<const double> gain,
                                                           RunContext& run);

}  // namespace topograph
