#include "topograph/report/topic_vectors.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(TopicVectors, AreDirectionsOfTheMeanOfUnitVectors) {
  Matrix<float> points(4, 2);
  points[0, 0] = 10;  // Length does not count.
  points[1, 1] = 1;
  points[2, 0] = -3;
  const std::vector<std::int32_t> labels = {0, 0, -1, 0};  // The last is zero: no direction.
  const Matrix<float> vectors = topic_vectors(points.view(), labels, 2);
  EXPECT_FLOAT_EQ((vectors[0, 0]), 0.70710678F);
  EXPECT_FLOAT_EQ((vectors[0, 1]), 0.70710678F);
  EXPECT_EQ((vectors[1, 0]), 0.0F) << "a topic without points has no direction";
}

}  // namespace
}  // namespace topograph
