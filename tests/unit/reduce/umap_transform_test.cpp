#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t n_train = 400;
constexpr std::size_t n_new = 60;
constexpr std::size_t n_groups = 4;

/// Rows of four groups, group = row % 4.
Matrix<float> grouped_rows(std::size_t n, std::uint64_t seed) {
  const RandomKey key = random_key(seed, "test.transform");
  const RandomKey centers = random_key(3, "test.centers");
  Matrix<float> x(n, 6);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] =
          static_cast<float>(10.0 * uniform(centers, r % n_groups, c) + 0.4 * normal(key, r, c));
    }
  }
  return x;
}

class UmapTransform : public ::testing::Test {
 protected:
  void SetUp() override {
    auto result = umap(train.view(), options, run);
    ASSERT_TRUE(result) << to_string(result.error());
    fitted = std::move(*result);
  }
  Result<Matrix<float>> place(MatrixView<const float> rows, RunContext& context) {
    TG_TRY(const auto neighbors, exact_knn_query(train.view(), rows, 15, options.metric, context));
    return umap_transform(neighbors, fitted.coords.view(), fitted.curve, options, context);
  }

  RunContext run;
  UmapOptions options = {};
  Matrix<float> train = grouped_rows(n_train, 1);
  UmapResult fitted = {};
};

TEST_F(UmapTransform, PutsNewPointsAmongTheirGroup) {
  const Matrix<float> rows = grouped_rows(n_new, 2);
  const auto placed = place(rows.view(), run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  for (std::size_t r = 0; r < n_new; ++r) {
    float nearest = 1e30F;
    std::size_t group = n_groups;
    for (std::size_t t = 0; t < n_train; ++t) {
      const float dx = (*placed)[r, 0] - fitted.coords[t, 0];
      const float dy = (*placed)[r, 1] - fitted.coords[t, 1];
      if (dx * dx + dy * dy < nearest) {
        nearest = dx * dx + dy * dy;
        group = t % n_groups;
      }
    }
    EXPECT_EQ(group, r % n_groups) << "row " << r;
    EXPECT_LT(nearest, 1.0F) << "row " << r;
  }
}

TEST_F(UmapTransform, GivesTrainingRowsTheirOwnCoordinates) {
  const auto placed = place(train.view(), run);
  ASSERT_TRUE(placed);
  EXPECT_EQ(std::memcmp(placed->data(), fitted.coords.data(), placed->size() * sizeof(float)), 0);
}

TEST_F(UmapTransform, PlacesEachRowIndependentlyOfItsBatch) {
  const Matrix<float> rows = grouped_rows(n_new, 2);
  const auto together = place(rows.view(), run);
  ASSERT_TRUE(together);
  for (std::size_t r = 0; r < n_new; r += 7) {
    const auto alone = place(rows.view().rows(r, r + 1), run);
    ASSERT_TRUE(alone);
    EXPECT_EQ(std::memcmp(alone->data(), together->row(r).data(), 2 * sizeof(float)), 0) << r;
  }
}

TEST_F(UmapTransform, GivesTheSameBitsForAnyThreads) {
  const Matrix<float> rows = grouped_rows(300, 5);
  RunContext single({.threads = 1});
  const auto first = place(rows.view(), single);
  ASSERT_TRUE(first);
  for (const int threads : {2, 3, 7}) {
    RunContext many({.threads = threads});
    const auto other = place(rows.view(), many);
    ASSERT_TRUE(other);
    EXPECT_EQ(std::memcmp(first->data(), other->data(), first->size() * sizeof(float)), 0)
        << threads;
  }
}

TEST_F(UmapTransform, WorksWithOneNeighborAndWithNoRows) {
  KnnGraph one;
  one.ids = Matrix<std::int32_t>(1, 1);
  one.distances = Matrix<float>(1, 1);
  one.distances[0, 0] = 0.5F;
  const auto placed = umap_transform(one, fitted.coords.view(), fitted.curve, options, run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  EXPECT_TRUE(std::isfinite((*placed)[0, 0]));
  const auto none = umap_transform({}, fitted.coords.view(), fitted.curve, options, run);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->rows(), 0U);
}

TEST_F(UmapTransform, NamesTheRowOfANeighborOutsideTheLayout) {
  KnnGraph bad;
  bad.ids = Matrix<std::int32_t>(3, 1);
  bad.distances = Matrix<float>(3, 1);
  bad.ids[2, 0] = static_cast<std::int32_t>(n_train);
  const auto placed = umap_transform(bad, fitted.coords.view(), fitted.curve, options, run);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().where, "row 2");
  EXPECT_THAT(placed.error().message, HasSubstr("found 400"));
}

TEST_F(UmapTransform, RejectsALayoutOfAnotherWidth) {
  UmapOptions wide = options;
  wide.n_components = 3;
  const auto placed = umap_transform({}, fitted.coords.view(), fitted.curve, wide, run);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().where, "coords");
}

}  // namespace
}  // namespace topograph
