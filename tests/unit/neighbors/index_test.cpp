#include "topograph/neighbors/index.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "topograph/neighbors/exact.hpp"
#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

using testing_support::normal_rows;

bool same_bits(const KnnGraph& a, const KnnGraph& b) {
  return a.rows() == b.rows() && a.k() == b.k() &&
         std::memcmp(a.ids.data(), b.ids.data(), a.ids.size() * sizeof(std::int32_t)) == 0 &&
         std::memcmp(a.distances.data(), b.distances.data(), a.distances.size() * sizeof(float)) ==
             0;
}

TEST(NeighborIndex, AnswersAsTheExactSearchForFewRows) {
  const Matrix<float> x = normal_rows(1, 600, 10);
  const Matrix<float> queries = normal_rows(2, 40, 10);
  for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
    RunContext run({.threads = 2});
    const auto index = NeighborIndex::build(x.view(), 7, metric, {}, run);
    ASSERT_TRUE(index.has_value()) << to_string(index.error());
    EXPECT_EQ(index->report().method, NeighborMethod::exact);
    EXPECT_TRUE(same_bits(index->graph(run).value(), exact_knn(x.view(), 7, metric, run).value()));
    EXPECT_TRUE(same_bits(index->query(queries.view(), 5, run).value(),
                          exact_knn_query(x.view(), queries.view(), 5, metric, run).value()));
  }
}

TEST(NeighborIndex, AnswersQueriesFarOutsideItsRows) {
  const Matrix<float> x = normal_rows(3, 300, 6);
  Matrix<float> queries = normal_rows(4, 8, 6);
  for (std::size_t i = 0; i < queries.rows(); ++i) queries[i, 0] *= 1e6F;
  RunContext run({.threads = 1});
  const auto index = NeighborIndex::build(x.view(), 5, Metric::euclidean, {}, run).value();
  const KnnGraph all = index.query(queries.view(), 4, run).value();
  for (std::size_t i = 0; i < queries.rows(); ++i) {
    const KnnGraph one = index.query(queries.view().rows(i, i + 1), 4, run).value();
    for (std::size_t c = 0; c < 4; ++c) {
      EXPECT_EQ((one.ids[0, c]), (all.ids[i, c]));
      EXPECT_EQ((one.distances[0, c]), (all.distances[i, c]));
    }
  }
}

TEST(NeighborIndex, RefusesAQueryOfAnotherWidth) {
  const Matrix<float> x = normal_rows(5, 30, 6);
  RunContext run({.threads = 1});
  const auto index = NeighborIndex::build(x.view(), 5, Metric::euclidean, {}, run).value();
  const auto found = index.query(normal_rows(6, 2, 5).view(), 4, run);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().where, "queries");
}

}  // namespace
}  // namespace topograph
