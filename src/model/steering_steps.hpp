#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/steering.hpp"

namespace topograph {

/// What the options name, files read.
/// @error option subject: an empty list or file, a name given twice (as documents are the same).
[[nodiscard]] Result<std::vector<std::string>> listed_topics(const std::vector<std::string>& items,
                                                             const char* path);

/// The terms of one seed: between commas where there are some, else between spaces.
[[nodiscard]] std::vector<std::string> seed_terms(std::string_view seed);

struct NearestTarget {
  std::vector<std::int32_t> ids = {};
  std::vector<float> similarity = {};  ///< Cosine; 0 where a row or target has no direction.
};

/// The target (t, d) with the largest cosine to every row (n, d); ties: the first one.
/// @determinism A row's answer does not depend on the other rows, nor on threads.  @cost O(n t d)
[[nodiscard]] Result<NearestTarget> nearest_targets(MatrixView<const float> rows,
                                                    MatrixView<const float> targets,
                                                    RunContext& run);

/// Moves rows towards the seed that is nearest to them: (1 - weight) row + weight seed. Rows nearer
/// to the last one of `seeds`, the mean of all documents, stay where they are.
/// @return The seed of every row, -1 for those that stay.
/// @peer   BERTopic 0.17.4 `_guided_topic_modeling`, whose weight is a quarter (golden test).
[[nodiscard]] Result<std::vector<std::int32_t>> guide_rows(MatrixView<float> rows,
                                                           MatrixView<const float> seeds,
                                                           float weight, RunContext& run);

}  // namespace topograph
