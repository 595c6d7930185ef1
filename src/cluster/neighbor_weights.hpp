#pragma once

#include <span>
#include <vector>

namespace topograph::detail {

/// Memberships of a new point in its neighbours, as UMAP weighs a training point's own row:
///   w_j = exp(-max(0, d_j - rho) / sigma),  rho = d_0,  sum_j w_j = log2(k + 1)
/// Every row is solved alone, its lower bound on sigma included, so that a point gets the same
/// answer in any batch. Distances are at least one, ascending and finite.
void neighbor_weights(std::span<const float> distances, std::vector<double>& weights);

}  // namespace topograph::detail
