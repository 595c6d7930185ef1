#include "topograph/neighbors/supervise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stop_token>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

/// 0 - 1 - 2, weights 0.8 and 0.4.
FuzzyGraph path() {
  return {{.offsets = {0, 1, 3, 4},
           .columns = {1, 0, 2, 1},
           .values = {0.8F, 0.8F, 0.4F, 0.4F},
           .n_cols = 3}};
}

FuzzyGraph cloud_graph(std::size_t n, RunContext& run) {
  const RandomKey key = random_key(3, "test.supervise");
  Matrix<float> x(n, 4);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  return *fuzzy_graph(*exact_knn(x.view(), 10, Metric::euclidean, run), {}, run);
}

TEST(SuperviseByLabels, WeakensEdgesBetweenClassesAndKeepsOneSureNeighbor) {
  RunContext run;
  const std::vector<std::int32_t> labels = {0, 0, 1};
  const auto found = supervise_by_labels(path(), labels, {}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  // Row 2 has one edge alone: scaled to 1, and the union keeps it.
  EXPECT_THAT(found->edges.values,
              ::testing::Pointwise(::testing::FloatNear(1e-6F), {1.0F, 1.0F, 1.0F, 1.0F}));
}

TEST(SuperviseByLabels, AtFullWeightCutsTheEdgesBetweenClasses) {
  RunContext run;
  const std::vector<std::int32_t> labels = {0, 0, 1};
  const auto found = supervise_by_labels(path(), labels, {.weight = 1.0F}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_THAT(found->edges.offsets, ::testing::ElementsAre(0, 1, 2, 2));
}

TEST(SuperviseByLabels, AllUnknownGivesTheSameGraphAsOneClass) {
  RunContext run;
  const FuzzyGraph graph = cloud_graph(80, run);
  const auto unknown =
      supervise_by_labels(graph, std::vector<std::int32_t>(80, kUnknownLabel), {}, run);
  const auto one = supervise_by_labels(graph, std::vector<std::int32_t>(80, 4), {}, run);
  ASSERT_TRUE(unknown && one);
  ASSERT_EQ(unknown->edges.columns, one->edges.columns);
  for (std::size_t e = 0; e < one->edges.nnz(); ++e) {
    EXPECT_NEAR(unknown->edges.values[e], one->edges.values[e], 1e-6F);
  }
}

TEST(Supervise, RefusesTargetsOfAnotherLengthAndBadOnes) {
  RunContext run;
  const auto message = [](const auto& result) {
    return result ? std::string("success") : to_string(result.error());
  };
  const std::vector<std::int32_t> two = {0, 1};
  EXPECT_THAT(message(supervise_by_labels(path(), two, {}, run)), HasSubstr("expected 3"));
  const std::vector<std::int32_t> low = {0, -2, 1};
  EXPECT_THAT(message(supervise_by_labels(path(), low, {}, run)), HasSubstr("row 1"));
  Matrix<float> values(3, 1);
  EXPECT_THAT(message(supervise_by_labels(path(), low, {.weight = 1.5F}, run)),
              HasSubstr("weight"));
  EXPECT_THAT(message(supervise_by_values(path(), values.view().rows(0, 2), 3, {}, run)),
              HasSubstr("expected 3"));
  values[2, 0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(message(supervise_by_values(path(), values.view(), 3, {}, run)), HasSubstr("row 2"));
}

TEST(SuperviseByValues, EqualTargetsKeepTheGraphFinite) {
  RunContext run;
  const FuzzyGraph graph = cloud_graph(50, run);
  const Matrix<float> same(50, 1);
  const auto found = supervise_by_values(graph, same.view(), 10, {}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  for (const float w : found->edges.values) EXPECT_TRUE(w > 0 && w <= 1);
}

TEST(Supervise, GivesTheSameBitsForAnyNumberOfThreadsAndStopsWhenAsked) {
  RunContext one({.threads = 1});
  const FuzzyGraph graph = cloud_graph(1300, one);
  Matrix<float> values(1300, 1);
  std::vector<std::int32_t> labels(1300);
  for (std::size_t i = 0; i < 1300; ++i) {
    values[i, 0] = static_cast<float>((i * 37) % 101);
    labels[i] = static_cast<std::int32_t>(i % 4) - 1;
  }
  const auto by_values = supervise_by_values(graph, values.view(), 12, {}, one);
  const auto by_labels = supervise_by_labels(graph, labels, {}, one);
  ASSERT_TRUE(by_values && by_labels);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    EXPECT_EQ(supervise_by_values(graph, values.view(), 12, {}, run)->edges.values,
              by_values->edges.values);
    EXPECT_EQ(supervise_by_labels(graph, labels, {}, run)->edges.values, by_labels->edges.values);
  }
  std::stop_source stop;
  stop.request_stop();
  RunContext stopped({.stop = stop.get_token()});
  EXPECT_EQ(supervise_by_labels(graph, labels, {}, stopped).error().code, ErrorCode::cancelled);
  EXPECT_EQ(supervise_by_values(graph, values.view(), 12, {}, stopped).error().code,
            ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph
