#include "topograph/neighbors/index.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "topograph/neighbors/exact.hpp"
#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

using testing_support::blob_rows;
using testing_support::grid_rows;
using testing_support::normal_rows;

struct Answers {
  KnnGraph graph;
  KnnGraph queries;
  double recall = 0;
};

Answers search(const Matrix<float>& x, Metric metric, int threads,
               NeighborStorage storage = NeighborStorage::int8) {
  NeighborOptions options;
  options.method = NeighborMethod::approximate;
  options.storage = storage;
  options.n_probe = 4;
  RunContext run({.threads = threads});
  const auto index = NeighborIndex::build(x.view(), 8, metric, options, run).value();
  KnnGraph graph = index.graph(run).value();
  const double recall = index.recall_of(graph, run).value();
  return {std::move(graph), index.query(normal_rows(9, 90, x.cols()).view(), 5, run).value(),
          recall};
}

bool same_bits(const KnnGraph& a, const KnnGraph& b) {
  return a.rows() == b.rows() && a.k() == b.k() &&
         std::memcmp(a.ids.data(), b.ids.data(), a.ids.size() * sizeof(std::int32_t)) == 0 &&
         std::memcmp(a.distances.data(), b.distances.data(), a.distances.size() * sizeof(float)) ==
             0;
}

TEST(ApproximateNeighbors, HaveTheSameBitsForAnyNumberOfThreads) {
  const std::array<Matrix<float>, 3> shapes{normal_rows(1, 2100, 20), blob_rows(2, 5000, 40, 30),
                                            grid_rows(3, 4000, 7, 3)};
  for (const Matrix<float>& x : shapes) {
    for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
      const Answers one = search(x, metric, 1);
      for (const int threads : {2, 3, 7}) {
        const Answers other = search(x, metric, threads);
        EXPECT_TRUE(same_bits(one.graph, other.graph)) << threads << " threads";
        EXPECT_TRUE(same_bits(one.queries, other.queries)) << threads << " threads";
        EXPECT_EQ(one.recall, other.recall);
      }
    }
  }
}

TEST(ApproximateNeighbors, HaveTheSameBitsForAnyNumberOfThreadsHoweverRowsAreKept) {
  const Matrix<float> x = blob_rows(6, 2500, 40, 30);
  for (const NeighborStorage storage : {NeighborStorage::float16, NeighborStorage::float32}) {
    const Answers one = search(x, Metric::cosine, 1, storage);
    for (const int threads : {2, 3, 7}) {
      const Answers other = search(x, Metric::cosine, threads, storage);
      EXPECT_TRUE(same_bits(one.graph, other.graph)) << threads << " threads";
      EXPECT_TRUE(same_bits(one.queries, other.queries)) << threads << " threads";
    }
  }
}

TEST(ApproximateNeighbors, FindAsManyNeighborsInAnyOrderOfTheRows) {
  const Matrix<float> x = normal_rows(4, 4000, 24);
  const auto order = random_permutation(random_key(5, "test.order"), x.rows());
  Matrix<float> moved(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const auto from = x.row(idx(order[i]));
    std::copy(from.begin(), from.end(), moved.row(i).begin());
  }
  EXPECT_NEAR(search(x, Metric::euclidean, 2).recall, search(moved, Metric::euclidean, 2).recall,
              0.03);
}

}  // namespace
}  // namespace topograph
