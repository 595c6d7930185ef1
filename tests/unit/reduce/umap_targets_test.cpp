#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t n_rows = 150;

/// One cloud: nothing in the rows tells the targets.
Matrix<float> cloud() {
  const RandomKey key = random_key(5, "test.cloud");
  Matrix<float> x(n_rows, 4);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  return x;
}

std::vector<std::int32_t> alternating() {
  std::vector<std::int32_t> labels(n_rows);
  for (std::size_t i = 0; i < n_rows; ++i) labels[i] = static_cast<std::int32_t>(i % 3);
  return labels;
}

std::size_t nearest_row(const Matrix<float>& coords, std::size_t row) {
  std::size_t nearest = row;
  double best = 1e30;
  for (std::size_t i = 0; i < coords.rows(); ++i) {
    const double d = std::hypot(static_cast<double>(coords[i, 0] - coords[row, 0]),
                                static_cast<double>(coords[i, 1] - coords[row, 1]));
    if (i == row || d >= best) continue;
    best = d;
    nearest = i;
  }
  return nearest;
}

double share_beside_own_label(const Matrix<float>& coords,
                              const std::vector<std::int32_t>& labels) {
  double own = 0;
  for (std::size_t i = 0; i < coords.rows(); ++i) {
    own += labels[i] == labels[nearest_row(coords, i)] ? 1 : 0;
  }
  return own / static_cast<double>(coords.rows());
}

TEST(UmapTargets, LabelsPartWhatTheRowsDoNot) {
  const Matrix<float> x = cloud();
  const auto labels = alternating();
  RunContext run;
  const auto plain = umap(x.view(), {}, run);
  const auto labelled = umap(x.view(), {.labels = labels}, {}, run);
  ASSERT_TRUE(plain && labelled);
  EXPECT_LT(share_beside_own_label(plain->coords, labels), 0.6);
  EXPECT_GT(share_beside_own_label(labelled->coords, labels), 0.9);
}

TEST(UmapTargets, ValuesBringRowsOfNearTargetsTogether) {
  const Matrix<float> x = cloud();
  Matrix<float> values(n_rows, 1);
  for (std::size_t i = 0; i < n_rows; ++i) values[i, 0] = static_cast<float>((i * 53) % n_rows);
  const auto mean_gap = [&](const Matrix<float>& coords) {
    double sum = 0;
    for (std::size_t i = 0; i < n_rows; ++i) {
      sum += static_cast<double>(std::abs(values[i, 0] - values[nearest_row(coords, i), 0]));
    }
    return sum / static_cast<double>(n_rows);
  };
  RunContext run;
  const auto plain = umap(x.view(), {}, run);
  const auto guided = umap(x.view(), {.values = values.view()}, {.target = {.weight = 0.9F}}, run);
  ASSERT_TRUE(plain && guided);
  EXPECT_LT(mean_gap(guided->coords), 0.25 * mean_gap(plain->coords));
}

TEST(UmapTargets, RefusesBothKindsAndAnotherLength) {
  const Matrix<float> x = cloud();
  const auto labels = alternating();
  const Matrix<float> values(n_rows - 1, 1);
  RunContext run;
  const auto both = umap(x.view(), {.labels = labels, .values = values.view()}, {}, run);
  ASSERT_FALSE(both);
  EXPECT_THAT(to_string(both.error()), HasSubstr("found both"));
  const auto few = umap(x.view(), {.values = values.view()}, {}, run);
  ASSERT_FALSE(few);
  EXPECT_THAT(to_string(few.error()), HasSubstr("expected 150, one for each row, found 149"));
}

TEST(UmapDisconnection, RowsFarFromAllOthersStayAndAreCounted) {
  Matrix<float> x = cloud();
  for (std::size_t c = 0; c < x.cols(); ++c) x[7, c] = 1000.0F;
  RunContext run;
  const auto result = umap(x.view(), {.disconnection_distance = 50.0F}, run);
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_FALSE(result->warnings.empty());
  EXPECT_THAT(result->warnings.front(), HasSubstr("1 of 150 rows have no neighbor"));
  for (std::size_t i = 0; i < result->coords.size(); ++i) {
    EXPECT_TRUE(std::isfinite(result->coords.data()[i]));
  }
}

TEST(UmapDisconnection, OppositeVectorsAreNoNeighborsUnderCosine) {
  Matrix<float> x(2, 3);
  x[0, 0] = 1.0F;
  x[1, 0] = -1.0F;
  RunContext run;
  const auto result = umap(x.view(), {.n_neighbors = 2, .metric = Metric::cosine}, run);
  ASSERT_TRUE(result) << to_string(result.error());
  ASSERT_FALSE(result->warnings.empty());
  EXPECT_THAT(result->warnings.front(), HasSubstr("2 of 2 rows have no neighbor"));
}

}  // namespace
}  // namespace topograph
