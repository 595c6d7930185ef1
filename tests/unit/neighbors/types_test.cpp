#include "topograph/neighbors/types.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

TEST(NeighborTypes, MetricsHaveTheNamesUsersWrite) {
  EXPECT_EQ(enum_name(Metric::cosine), "cosine");
  EXPECT_EQ(enum_name(Metric::euclidean), "euclidean");
}

TEST(NeighborTypes, GraphsTellTheirShape) {
  const KnnGraph knn{Matrix<std::int32_t>(7, 3), Matrix<float>(7, 3)};
  EXPECT_EQ(knn.rows(), 7U);
  EXPECT_EQ(knn.k(), 3U);
  EXPECT_EQ(KnnGraph{}.rows(), 0U);
  FuzzyGraph graph;
  graph.edges.offsets = {0, 1, 2};
  EXPECT_EQ(graph.rows(), 2U);
}

}  // namespace
}  // namespace topograph
