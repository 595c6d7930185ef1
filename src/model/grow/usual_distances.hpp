#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// How far documents of the model are from their nearest ones: what is usual, and where.
struct UsualDistances {
  std::vector<float> all = {};                             ///< Ascending.
  std::map<std::int32_t, std::vector<float>> topics = {};  ///< The same of topics asked for.

  /// The distance that all but a `share` of the documents do not exceed.
  [[nodiscard]] float beyond(double share) const;
  /// Share of the documents of a topic (of all where it is unknown) that are as far or farther, the
  /// asked one counted: uniform in (0, 1] for documents like those of the model.
  [[nodiscard]] double share_as_far(std::int32_t topic, float distance) const;
};

/// Of 2 000 documents drawn by the seed of the fit, and of 200 of every topic in `topics`; those
/// that wait are left out.
[[nodiscard]] Result<UsualDistances> usual_distances(const TopicModel::Data& data,
                                                     std::span<const std::int32_t> topics,
                                                     RunContext& run);

/// Mean distance of points, known ones or new, to the nearest five others of the model; those that
/// wait are left out.
/// @param vectors  (n, d)
/// @param points   Which points of the model they are; beyond its last: none.
[[nodiscard]] Result<std::vector<float>> distances_to_model(const TopicModel::Data& data,
                                                            MatrixView<const float> vectors,
                                                            std::span<const std::size_t> points,
                                                            RunContext& run);

}  // namespace topograph
