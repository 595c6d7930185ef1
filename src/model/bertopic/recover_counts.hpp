#pragma once

#include <cstdint>
#include <span>

#include "model/bertopic/peer_folder.hpp"
#include "topograph/core/csr.hpp"

namespace topograph::bertopic {

struct RecoveredCounts {
  Csr<double> counts = {};
  bool is_exact = false;  ///< Whole numbers that give the stored idf and weights again.
};

/// Term counts behind a class TF-IDF. Weights give the share p_ct of every term in its class; the
/// idf gives, up to the factor A, how often each term occurs at all, so that the sizes N_c follow
/// from sum_c N_c p_ct = f_t by least squares, and A from the counts being whole numbers.
///
/// When that is not possible (weights with seed words, rows that depend on each other), the counts
/// are the shares times `sizes`: they give the same weights, and sums of them weigh classes by
/// size.
/// @param sizes  Documents of every row.
/// @cost         O(nnz) a step, at most a few hundred steps.
[[nodiscard]] RecoveredCounts recover_counts(const Weights& weights,
                                             std::span<const std::int64_t> sizes);

}  // namespace topograph::bertopic
