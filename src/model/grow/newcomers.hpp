#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/grow/grown_points.hpp"
#include "model/grow/usual_distances.hpp"
#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Documents that may open a topic, those of a batch and those that wait, and what is around them.
struct Newcomers {
  std::vector<std::size_t> points = {};  ///< Ascending.
  std::vector<std::int32_t> weights = {};
  /// (n, k) the nearest documents of all: which newcomer it is, -1: it belongs to the model, and
  /// then its topic.
  Matrix<std::int32_t> places = {};
  Matrix<std::int32_t> topics = {};
  Matrix<float> distances = {};
  /// Topic that most of the nearest documents of the model are in, -1: they have none.
  std::vector<std::int32_t> homes = {};
  /// Newcomers for one document of the model, in the home topic.
  std::vector<double> expected = {};
  std::vector<float> model_distances = {};  ///< See `distances_to_model`.
  /// Share of the home's documents that are as far from their nearest ones, see `UsualDistances`.
  std::vector<double> share_as_far = {};

  [[nodiscard]] std::size_t size() const { return points.size(); }
};

/// @param points  Of `grown`, ascending.
/// @param usual   What was found usual on the way.
[[nodiscard]] Result<Newcomers> find_newcomers(const TopicModel::Data& data,
                                               const GrownPoints& grown,
                                               std::vector<std::size_t> points,
                                               UsualDistances& usual, RunContext& run);

}  // namespace topograph
