#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/model_data.hpp"
#include "model/points.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {

/// The different texts of a batch, and the points of the model that they are or become.
struct Batch {
  Points points = {};
  std::vector<std::int32_t> target = {};  ///< Point of the model, or beyond its last: a new one.
  std::vector<std::size_t> fresh = {};    ///< Those that become points.
};

[[nodiscard]] Result<Batch> read_batch(const TopicModel::Data& data, const TextColumn& texts,
                                       RunContext& run);

/// Vectors of the texts that become points, moved as those of the fit were (guided topics).
/// @param ready  One per document of the batch, or empty: the embedder makes them.
[[nodiscard]] Result<Matrix<float>> vectors_of(const TopicModel::Data& data, const Batch& batch,
                                               const Embedder* embedder,
                                               MatrixView<const float> ready, RunContext& run);

}  // namespace topograph
