#pragma once

#include <cstdint>
#include <vector>

#include "model/find_clusters.hpp"
#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Where the new points are, by what the model knows: as `transform` would answer.
struct PlacedBatch {
  KnnGraph neighbors = {};  ///< Among the points of the model.
  PredictedClusters found = {};
  std::vector<std::int32_t> clusters = {};  ///< As the method numbers them.
  std::vector<std::int32_t> names = {};     ///< Of wanted topics; -1: like none.
  Matrix<float> positions = {};
  Matrix<float> reduced = {};
};

[[nodiscard]] Result<PlacedBatch> place_batch(const TopicModel::Data& data,
                                              const Matrix<float>& vectors, RunContext& run);

}  // namespace topograph
