#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "topograph/core/matrix.hpp"

namespace topograph {

/// The direction of every topic: the mean of its points' unit vectors, scaled to length 1; zero for
/// a topic without points.
///
/// @param points  (n, d) vectors.  @param labels  (n) topic 0..n_topics-1 of each, negative: none.
/// @return        (n_topics, d).   @cost O(n d).
[[nodiscard]] Matrix<float> topic_vectors(MatrixView<const float> points,
                                          std::span<const std::int32_t> labels,
                                          std::size_t n_topics);

}  // namespace topograph
