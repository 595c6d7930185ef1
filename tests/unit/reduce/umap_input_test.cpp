// What umap takes in besides plain rows, and rows that make no shape.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <stop_token>
#include <thread>
#include <utility>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

Matrix<float> cloud(std::size_t n, std::size_t d = 5) {
  const RandomKey key = random_key(9, "test.input");
  Matrix<float> x(n, d);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  return x;
}

bool same_bits(const Matrix<float>& a, const Matrix<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void expect_finite(const Result<UmapResult>& result, std::size_t n_rows) {
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_EQ(result->coords.rows(), n_rows);
  for (std::size_t i = 0; i < result->coords.size(); ++i) {
    ASSERT_TRUE(std::isfinite(result->coords.data()[i])) << i;
  }
}

TEST(UmapNeighbors, ReadyOnesGiveTheLayoutOfTheRows) {
  const Matrix<float> x = cloud(120);
  RunContext run;
  const UmapOptions options{.n_neighbors = 10, .n_epochs = 30};
  const auto plain = umap(x.view(), options, run);
  ASSERT_TRUE(plain);
  for (const std::size_t k : {9U, 25U}) {
    const auto knn = exact_knn(x.view(), k, Metric::euclidean, run);
    ASSERT_TRUE(knn);
    const auto ready = umap(*knn, x.view(), {}, options, run);
    ASSERT_TRUE(ready) << to_string(ready.error());
    EXPECT_TRUE(same_bits(ready->coords, plain->coords)) << k;
  }
}

TEST(UmapNeighbors, TooFewAreAnError) {
  const Matrix<float> x = cloud(120);
  RunContext run;
  const auto knn = exact_knn(x.view(), 5, Metric::euclidean, run);
  ASSERT_TRUE(knn);
  const auto result = umap(*knn, x.view(), {}, {}, run);
  ASSERT_FALSE(result);
  EXPECT_THAT(to_string(result.error()), HasSubstr("expected at least 14"));
  EXPECT_THAT(to_string(result.error()), HasSubstr("found 5"));
  EXPECT_FALSE(umap(KnnGraph{}, {}, {}, {}, run));
}

TEST(UmapNeighbors, OneGraphServesSeveralLayouts) {
  const Matrix<float> x = cloud(120);
  RunContext run;
  const auto knn = exact_knn(x.view(), 14, Metric::euclidean, run);
  ASSERT_TRUE(knn);
  const auto graph = fuzzy_graph(*knn, {}, run);
  ASSERT_TRUE(graph);
  for (const int dim : {2, 5}) {
    const UmapOptions options{.n_components = dim, .n_epochs = 20};
    const auto shared = umap(*graph, x.view(), options, run);
    const auto own = umap(x.view(), options, run);
    ASSERT_TRUE(shared && own);
    EXPECT_TRUE(same_bits(shared->coords, own->coords)) << dim;
  }
}

class UmapFrom : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto knn = exact_knn(x.view(), 14, Metric::euclidean, run);
    ASSERT_TRUE(knn);
    auto made = fuzzy_graph(*knn, {}, run);
    ASSERT_TRUE(made);
    graph = std::move(*made);
  }
  RunContext run;
  Matrix<float> x = cloud(100);
  FuzzyGraph graph = {};
};

TEST_F(UmapFrom, StaysWhereItStartsWithoutEpochs) {
  const Matrix<float> start = cloud(100, 2);
  const auto result = umap_from(graph, start.view(), {.n_epochs = 0}, run);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_TRUE(same_bits(result->coords, start));
  const auto moved = umap_from(graph, start.view(), {.n_epochs = 50}, run);
  ASSERT_TRUE(moved);
  EXPECT_FALSE(same_bits(moved->coords, start));
}

TEST_F(UmapFrom, RefusesAnotherShapeAndNamesTheRowOfANan) {
  const auto wide = umap_from(graph, cloud(100, 3).view(), {}, run);
  ASSERT_FALSE(wide);
  EXPECT_THAT(to_string(wide.error()), HasSubstr("expected 100 x 2 positions, found 100 x 3"));
  Matrix<float> start = cloud(100, 2);
  start[42, 1] = std::numeric_limits<float>::infinity();
  const auto broken = umap_from(graph, start.view(), {}, run);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, "start row 42");
}

TEST(UmapBadInput, EqualRowsAndConstantColumnsHavePlaces) {
  RunContext run;
  expect_finite(umap(Matrix<float>(40, 3).view(), {.n_epochs = 30}, run), 40);
  Matrix<float> constant(40, 3);
  for (std::size_t i = 0; i < constant.size(); ++i) constant.data()[i] = 2.5F;
  for (const Metric metric : {Metric::euclidean, Metric::cosine, Metric::inner_product}) {
    expect_finite(umap(constant.view(), {.metric = metric, .n_epochs = 30}, run), 40);
  }
}

TEST(UmapBadInput, ZeroVectorsHavePlacesUnderCosine) {
  Matrix<float> x = cloud(60);
  for (std::size_t r = 0; r < 20; ++r) std::ranges::fill(x.row(r), 0.0F);
  RunContext run;
  expect_finite(umap(x.view(), {.metric = Metric::cosine, .n_epochs = 30}, run), 60);
  expect_finite(umap(Matrix<float>(60, 5).view(), {.metric = Metric::cosine, .n_epochs = 30}, run),
                60);
}

TEST(UmapBadInput, InnerProductOfUnitRowsIsCosine) {
  Matrix<float> x = cloud(80);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    std::ranges::fill(x.row(r), 0.0F);
    x[r, r % 5] = r % 2 == 0 ? 1.0F : -1.0F;
  }
  RunContext run;
  const auto product = umap(x.view(), {.metric = Metric::inner_product, .n_epochs = 30}, run);
  const auto cosine = umap(x.view(), {.metric = Metric::cosine, .n_epochs = 30}, run);
  expect_finite(product, 80);
  expect_finite(cosine, 80);
  EXPECT_TRUE(same_bits(product->coords, cosine->coords));
}

TEST(UmapBadInput, NeighborhoodsLargerThanAGroupReachIntoOthers) {
  Matrix<float> x = cloud(60);
  for (std::size_t r = 0; r < 60; ++r) x[r, 0] += static_cast<float>(100 * (r / 10));
  RunContext run;
  expect_finite(umap(x.view(), {.n_neighbors = 30, .n_epochs = 30}, run), 60);
}

TEST(UmapBadInput, AsManyNeighborsAsRowsAndMoreAreLowered) {
  RunContext run;
  const Matrix<float> x = cloud(15);
  const auto all = umap(x.view(), {.n_neighbors = 15, .n_epochs = 30}, run);
  expect_finite(all, 15);
  const auto more = umap(x.view(), {.n_neighbors = 16, .n_epochs = 30}, run);
  expect_finite(more, 15);
  EXPECT_TRUE(same_bits(all->coords, more->coords));
  ASSERT_FALSE(more->warnings.empty());
  EXPECT_THAT(more->warnings.front(), HasSubstr("lowered from 16 to 15"));
}

/// How long the work goes on after it was asked to stop.
std::chrono::duration<double> time_to_stop(const Matrix<float>& x, const UmapOptions& options,
                                           std::chrono::duration<double> delay) {
  std::stop_source stop;
  RunContext run({.stop = stop.get_token()});
  std::chrono::steady_clock::time_point asked;
  std::jthread other([&] {
    std::this_thread::sleep_for(delay);
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto result = umap(x.view(), options, run);
  const auto stopped = std::chrono::steady_clock::now();
  other.join();
  if (result) return {};  // it was done before
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  return stopped - asked;
}

TEST(UmapMemory, SaysWhatItNeedsWhereTheBudgetIsSmaller) {
  RunContext roomy;
  const Matrix<float> x = cloud(3000);
  const auto knn = exact_knn(x.view(), 14, Metric::euclidean, roomy);
  ASSERT_TRUE(knn);
  const auto graph = fuzzy_graph(*knn, {}, roomy);
  ASSERT_TRUE(graph);
  RunContext run({.memory_bytes = 2 << 20U});
  const auto result = umap(*graph, x.view(), {.init = UmapInit::random}, run);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().where, "memory");
  EXPECT_THAT(result.error().message, HasSubstr("umap of 3000 rows need"));
  EXPECT_THAT(result.error().message, HasSubstr("the budget is 2 MiB"));
}

// 100 ms is the promise; the rest is for machines that are busy with other tests.
constexpr std::chrono::milliseconds soon{400};

TEST(UmapCancel, StopsSoonInTheLayout) {
  const auto took = time_to_stop(cloud(2000), {.n_epochs = 1'000'000, .densmap = true},
                                 std::chrono::milliseconds(400));
  EXPECT_GT(took.count(), 0);
  EXPECT_LT(took, soon);
}

TEST(UmapCancel, StopsSoonInEveryPhase) {
  const Matrix<float> x = cloud(1500, 40);
  const UmapOptions options{.n_epochs = 20, .output_dens = true};
  const auto begin = std::chrono::steady_clock::now();
  RunContext run;
  ASSERT_TRUE(umap(x.view(), options, run));
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  for (const double share : {0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9}) {
    EXPECT_LT(time_to_stop(x, options, share * whole), soon) << share;
  }
}

}  // namespace
}  // namespace topograph
