#include "topograph/neighbors/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <stop_token>
#include <string>

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

NeighborOptions approximate() {
  NeighborOptions options;
  options.method = NeighborMethod::approximate;
  return options;
}

KnnGraph approximate_graph(const Matrix<float>& x, std::size_t k, Metric metric,
                           NeighborOptions options = approximate()) {
  RunContext run({.threads = 2});
  const auto index = NeighborIndex::build(x.view(), k, metric, options, run);
  EXPECT_TRUE(index.has_value()) << to_string(index.error());
  EXPECT_EQ(index->report().method, NeighborMethod::approximate);
  return index->graph(run).value();
}

/// Share of the true neighbours, each no farther than the true k-th.
double recall(const KnnGraph& found, const KnnGraph& truth) {
  std::size_t n_found = 0;
  for (std::size_t i = 0; i < found.rows(); ++i) {
    for (std::size_t c = 0; c < found.k(); ++c) {
      n_found += found.distances[i, c] <= truth.distances[i, truth.k() - 1] ? 1U : 0U;
    }
  }
  return static_cast<double>(n_found) / static_cast<double>(found.rows() * found.k());
}

KnnGraph exact_graph(const Matrix<float>& x, std::size_t k, Metric metric) {
  RunContext run({.threads = 2});
  return exact_knn(x.view(), k, metric, run).value();
}

void expect_full_sorted_rows(const KnnGraph& graph) {
  for (std::size_t i = 0; i < graph.rows(); ++i) {
    for (std::size_t c = 0; c < graph.k(); ++c) {
      ASSERT_NE((graph.ids[i, c]), narrow<std::int32_t>(i));
      if (c == 0) continue;
      ASSERT_TRUE((graph.distances[i, c - 1]) < (graph.distances[i, c]) ||
                  ((graph.distances[i, c - 1]) == (graph.distances[i, c]) &&
                   (graph.ids[i, c - 1]) < (graph.ids[i, c])))
          << "row " << i << " rank " << c;
    }
  }
}

TEST(ApproximateNeighbors, FindMostNeighborsOfClusteredRows) {
  const Matrix<float> x = testing_support::blob_rows(11, 6000, 24, 40);
  for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
    const KnnGraph found = approximate_graph(x, 10, metric);
    expect_full_sorted_rows(found);
    EXPECT_GE(recall(found, exact_graph(x, 10, metric)), 0.95) << enum_name(metric);
  }
}

TEST(ApproximateNeighbors, GiveExactDistances) {
  const Matrix<float> x = testing_support::blob_rows(12, 1500, 12, 10);
  const KnnGraph found = approximate_graph(x, 8, Metric::cosine);
  const KnnGraph truth = exact_graph(x, 8, Metric::cosine);
  std::size_t n_same = 0;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    if (found.ids[i, 7] != truth.ids[i, 7]) continue;
    ASSERT_EQ((found.distances[i, 7]), (truth.distances[i, 7]));
    ++n_same;
  }
  EXPECT_GT(n_same, x.rows() / 2);
}

TEST(ApproximateNeighbors, AreExactWhenEveryListIsSearchedAndEveryRowMeasured) {
  const Matrix<float> x = normal_rows(13, 700, 9);
  NeighborOptions options = approximate();
  options.n_probe = 65536;
  options.n_measured = 700;
  options.n_refine = 0;
  for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
    EXPECT_TRUE(same_bits(approximate_graph(x, 9, metric, options), exact_graph(x, 9, metric)));
  }
}

TEST(ApproximateNeighbors, MoreProbesAndRoundsFindMore) {
  const Matrix<float> x = normal_rows(14, 5000, 32);  // no clusters: the hard case
  const KnnGraph truth = exact_graph(x, 10, Metric::euclidean);
  NeighborOptions options = approximate();
  options.n_lists = 50;
  options.n_probe = 2;
  options.n_refine = 0;
  const double least = recall(approximate_graph(x, 10, Metric::euclidean, options), truth);
  options.n_refine = 1;
  const double refined = recall(approximate_graph(x, 10, Metric::euclidean, options), truth);
  options.n_refine = 0;
  options.n_probe = 20;
  const double probed = recall(approximate_graph(x, 10, Metric::euclidean, options), truth);
  EXPECT_GT(refined, least + 0.05);
  EXPECT_GT(probed, least + 0.05);
}

TEST(ApproximateNeighbors, MeasuringMoreFindsMore) {
  const Matrix<float> x = normal_rows(15, 3000, 4);  // so dense that 8 bits rank roughly
  const KnnGraph truth = exact_graph(x, 5, Metric::euclidean);
  NeighborOptions options = approximate();
  options.storage = NeighborStorage::int8;
  options.n_probe = 65536;
  options.n_refine = 0;
  options.n_measured = 0;
  const double least = recall(approximate_graph(x, 5, Metric::euclidean, options), truth);
  options.n_measured = 60;
  EXPECT_GT(recall(approximate_graph(x, 5, Metric::euclidean, options), truth), least);
}

TEST(ApproximateNeighbors, ReportTheRecallThatBruteForceFinds) {
  const Matrix<float> x = normal_rows(16, 2000, 24);
  NeighborOptions options = approximate();
  options.n_lists = 60;
  options.n_probe = 3;
  options.n_refine = 0;
  options.recall_sample = 2000;
  RunContext run({.threads = 2});
  for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
    const auto index = NeighborIndex::build(x.view(), 10, metric, options, run).value();
    const KnnGraph graph = index.graph(run).value();
    const double truth = recall(graph, exact_graph(x, 10, metric));
    EXPECT_LT(truth, 0.99);
    EXPECT_NEAR(index.recall_of(graph, run).value(), truth, 1e-12) << enum_name(metric);
  }
}

TEST(ApproximateNeighbors, HandleDuplicatesEqualRowsAndFewRows) {
  const Matrix<float> grid = testing_support::grid_rows(17, 3000, 4, 3);  // 81 different rows
  const KnnGraph found = approximate_graph(grid, 12, Metric::euclidean);
  EXPECT_TRUE(same_bits(found, exact_graph(grid, 12, Metric::euclidean)));

  Matrix<float> equal(500, 3);
  std::fill_n(equal.data(), equal.size(), 2.5F);
  for (const Metric metric : {Metric::cosine, Metric::euclidean, Metric::inner_product}) {
    EXPECT_TRUE(same_bits(approximate_graph(equal, 7, metric), exact_graph(equal, 7, metric)));
  }
  const Matrix<float> few = normal_rows(18, 5, 3);
  EXPECT_TRUE(
      same_bits(approximate_graph(few, 4, Metric::cosine), exact_graph(few, 4, Metric::cosine)));
}

TEST(ApproximateNeighbors, PutRowsWithoutDirectionTogether) {
  Matrix<float> x = testing_support::blob_rows(19, 2000, 8, 10);
  for (const std::size_t row : {3UL, 700UL, 1999UL}) std::fill_n(x.row(row).begin(), 8, 0.0F);
  const KnnGraph found = approximate_graph(x, 4, Metric::cosine);
  EXPECT_EQ((found.ids[700, 0]), 3);
  EXPECT_EQ((found.distances[700, 0]), 0.0F);
  EXPECT_EQ((found.ids[700, 1]), 1999);
  EXPECT_EQ((found.distances[700, 2]), 1.0F);
}

TEST(ApproximateNeighbors, SurviveAnOutlierAndTinyValues) {
  Matrix<float> x = normal_rows(20, 1200, 6);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (float& value : x.row(i)) value *= 1e-20F;
  }
  x[5, 0] = 1e6F;
  expect_full_sorted_rows(approximate_graph(x, 5, Metric::euclidean));
}

TEST(ApproximateNeighbors, AnswerEachQueryAloneAsInABatch) {
  const Matrix<float> x = testing_support::blob_rows(21, 3000, 16, 20);
  Matrix<float> queries = testing_support::blob_rows(22, 70, 16, 20);
  queries[9, 2] = 1e7F;  // far outside
  RunContext run({.threads = 2});
  const auto index =
      NeighborIndex::build(x.view(), 5, Metric::euclidean, approximate(), run).value();
  const KnnGraph all = index.query(queries.view(), 6, run).value();
  for (std::size_t i = 0; i < queries.rows(); ++i) {
    const KnnGraph one = index.query(queries.view().rows(i, i + 1), 6, run).value();
    for (std::size_t c = 0; c < 6; ++c) {
      ASSERT_EQ((one.ids[0, c]), (all.ids[i, c]));
      ASSERT_EQ((one.distances[0, c]), (all.distances[i, c]));
    }
  }
  const KnnGraph own = index.query(x.view(), 1, run).value();
  for (std::size_t i = 0; i < x.rows(); ++i) ASSERT_EQ((own.ids[i, 0]), narrow<std::int32_t>(i));
}

TEST(ApproximateNeighbors, NameTheFirstRowThatIsNotFinite) {
  Matrix<float> x = normal_rows(23, 400, 6);
  x[77, 3] = std::numeric_limits<float>::quiet_NaN();
  RunContext run({.threads = 2});
  const auto index = NeighborIndex::build(x.view(), 5, Metric::cosine, approximate(), run);
  ASSERT_FALSE(index.has_value());
  EXPECT_EQ(index.error().where, "x row 77");
}

TEST(ApproximateNeighbors, RefuseMoreNeighborsThanRowsAndBadOptions) {
  const Matrix<float> x = normal_rows(24, 40, 6);
  RunContext run({.threads = 2});
  EXPECT_EQ(NeighborIndex::build(x.view(), 40, Metric::cosine, approximate(), run).error().where,
            "k");
  NeighborOptions options = approximate();
  options.n_probe = 0;
  EXPECT_EQ(NeighborIndex::build(x.view(), 4, Metric::cosine, options, run).error().where,
            "neighbors.n_probe");
}

TEST(ApproximateNeighbors, RefuseToExceedTheMemoryBudget) {
  const Matrix<float> x = normal_rows(25, 4000, 64);
  RunContext run({.threads = 2, .memory_bytes = std::size_t{1} << 19U});
  const auto index = NeighborIndex::build(x.view(), 5, Metric::cosine, approximate(), run);
  ASSERT_FALSE(index.has_value());
  EXPECT_EQ(index.error().where, "memory");
  EXPECT_NE(index.error().message.find("MiB"), std::string::npos);
}

TEST(ApproximateNeighbors, AreTheSameWithALittleMemory) {
  const Matrix<float> x = testing_support::blob_rows(26, 3000, 64, 20);
  RunContext small({.threads = 2, .memory_bytes = 3'000'000});  // rows are scaled when asked for
  const auto index =
      NeighborIndex::build(x.view(), 5, Metric::cosine, approximate(), small).value();
  EXPECT_TRUE(same_bits(index.graph(small).value(), approximate_graph(x, 5, Metric::cosine)));
  EXPECT_GT(index.recall_of(index.graph(small).value(), small).value(), 0.9);
}

TEST(ApproximateNeighbors, StopOnRequest) {
  const Matrix<float> x = testing_support::blob_rows(27, 3000, 16, 20);
  RunContext calm({.threads = 2});
  const auto index = NeighborIndex::build(x.view(), 5, Metric::cosine, approximate(), calm).value();
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.threads = 2, .stop = stop.get_token()});
  EXPECT_EQ(index.graph(run).error().code, ErrorCode::cancelled);
  EXPECT_EQ(NeighborIndex::build(x.view(), 5, Metric::cosine, approximate(), run).error().code,
            ErrorCode::cancelled);
}

TEST(NeighborIndex, ChoosesExactSearchForFewRowsAndApproximateForMany) {
  RunContext run({.threads = 2});
  const Matrix<float> many = testing_support::blob_rows(28, 30001, 4, 50);
  const auto few = many.view().rows(0, 30000);
  EXPECT_EQ(NeighborIndex::build(few, 2, Metric::euclidean, {}, run)->report().method,
            NeighborMethod::exact);
  const auto index = NeighborIndex::build(many.view(), 2, Metric::euclidean, {}, run);
  EXPECT_EQ(index->report().method, NeighborMethod::approximate);
  EXPECT_GT(index->report().n_lists, 100U);
}

}  // namespace
}  // namespace topograph
