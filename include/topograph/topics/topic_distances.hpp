#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// 1 - cosine of all pairs of rows (0, 1), (0, 2) … (n - 2, n - 1), at least 0; a row of zeros is
/// at distance 1 from every other.
///
/// @determinism Bit-identical for any thread count.
/// @cost        Dense O(n^2 d); sparse O(sum over columns of the square of their entries).
/// @peer        scikit-learn 1.9.1 `cosine_similarity`, to 1e-6 for dense float32 rows.
[[nodiscard]] Result<std::vector<double>> cosine_distances(MatrixView<const float> rows,
                                                           RunContext& run);
[[nodiscard]] Result<std::vector<double>> cosine_distances(CsrView<double> rows, RunContext& run);

/// Where the pair of rows a < b of n is in that list.
[[nodiscard]] std::size_t pair_position(std::size_t a, std::size_t b, std::size_t n);

/// A topic and the cosine of its vector with a query's.
struct FoundTopic {
  std::int32_t topic = 0;
  double similarity = 0;
};

/// The n rows of `topics` most like a query (cosine), best first; ties: the smaller topic.
/// @param topics  (topics, d), without -1.
/// @peer  BERTopic 0.17.4 `find_topics`, which lists -1 among them (golden test).
[[nodiscard]] std::vector<FoundTopic> topics_by_similarity(MatrixView<const float> topics,
                                                           std::span<const float> query,
                                                           std::size_t n);

}  // namespace topograph
