#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/grow/batch.hpp"
#include "model/grow/grow_counts.hpp"
#include "model/grow/place_batch.hpp"
#include "model/model_data.hpp"
#include "topograph/model/partial_fit.hpp"

namespace topograph {

/// The points of the model and the new ones behind them, as they will be.
struct GrownPoints {
  Points points = {};
  Matrix<float> embeddings = {};
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
  std::vector<std::uint8_t> is_waiting = {};
  std::int32_t n_topics = 0;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Rows of `second` below those of `first`.
template <class T>
Matrix<T> stacked(const Matrix<T>& first, const Matrix<T>& second) {
  Matrix<T> all(first.rows() + second.rows(), std::max(first.cols(), second.cols()));
  std::copy_n(first.data(), first.size(), all.data());
  std::copy_n(second.data(), second.size(), all.data() + first.size());
  return all;
}

/// Everybody where the model puts them: no topic is new.
[[nodiscard]] GrownPoints grown_points(const TopicModel::Data& data, const Batch& batch,
                                       const Matrix<float>& vectors, const PlacedBatch& placed);

/// What the terms of every point count for after the batch; nothing when it is their copies.
[[nodiscard]] std::vector<double> grown_weights(const TopicModel::Data& data,
                                                const GrownPoints& grown,
                                                const OnlineOptions& options);

/// The changes of the counts: documents come, and those that waited leave -1.
/// @param documents  Those of the model, which counts them again where they leave.
[[nodiscard]] CountGrowth count_changes(const TopicModel::Data& data, const Batch& batch,
                                        const GrownPoints& grown, const TextColumn& documents,
                                        const OnlineOptions& options);

}  // namespace topograph
