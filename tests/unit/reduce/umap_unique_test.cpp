// Equal rows as one point, and points that stand for several rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/reduce/umap.hpp"
#include "topograph/reduce/umap_model.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t n_distinct = 80;

/// Rows r and r + 80 are equal.
Matrix<float> twins(std::size_t n = 120) {
  const RandomKey key = random_key(5, "test.twins");
  Matrix<float> x(n, 4);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = static_cast<float>(normal(key, r % n_distinct, c));
    }
  }
  return x;
}

bool same_rows(MatrixView<const float> a, MatrixView<const float> b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (std::size_t r = 0; r < a.rows(); ++r) {
    if (std::memcmp(a.row(r).data(), b.row(r).data(), a.cols() * sizeof(float)) != 0) return false;
  }
  return true;
}

TEST(UmapUnique, GivesEqualRowsOnePlace) {
  const Matrix<float> x = twins();
  RunContext run;
  const auto found = umap(x.view(), {.n_epochs = 40, .unique = true, .output_dens = true}, run);
  const auto apart = umap(x.view(), {.n_epochs = 40}, run);
  ASSERT_TRUE(found && apart) << to_string(found.error());
  ASSERT_EQ(found->coords.rows(), 120U);
  ASSERT_EQ(found->log_radii.size(), 120U);
  EXPECT_TRUE(same_rows(found->coords.view().rows(0, 40), found->coords.view().rows(80, 120)));
  EXPECT_FALSE(same_rows(apart->coords.view().rows(0, 40), apart->coords.view().rows(80, 120)));
  for (std::size_t r = 0; r < 40; ++r) EXPECT_EQ(found->log_radii[r], found->log_radii[r + 80]);
}

TEST(UmapUnique, IsTheLayoutOfDistinctRowsAndTheirCopies) {
  const Matrix<float> x = twins();
  RunContext run;
  const UmapOptions options{.n_epochs = 40};
  UmapOptions unique = options;
  unique.unique = true;
  std::vector<std::int32_t> copies(n_distinct, 1);
  for (std::size_t r = 0; r < 40; ++r) copies[r] = 2;
  const auto found = umap(x.view(), unique, run);
  const auto distinct = umap({.x = x.view().rows(0, n_distinct), .copies = copies}, options, run);
  const auto unweighted = umap(x.view().rows(0, n_distinct), options, run);
  ASSERT_TRUE(found && distinct && unweighted);
  EXPECT_TRUE(same_rows(found->coords.view().rows(0, n_distinct), distinct->coords.view()));
  EXPECT_FALSE(same_rows(distinct->coords.view(), unweighted->coords.view()));
  const auto none_equal = umap(x.view().rows(0, n_distinct), unique, run);
  ASSERT_TRUE(none_equal);
  EXPECT_TRUE(same_rows(none_equal->coords.view(), unweighted->coords.view()));
}

TEST(UmapUnique, LetsHeavyPointsTakeRoom) {
  const Matrix<float> x = twins(n_distinct);
  RunContext run;
  std::vector<std::int32_t> copies(n_distinct, 1);
  const auto mean_distance = [&](std::int32_t weight) {
    copies[11] = weight;
    const auto found = umap({.x = x.view(), .copies = copies}, {}, run);
    EXPECT_TRUE(found);
    double sum = 0;
    for (std::size_t r = 0; r < n_distinct; ++r) {
      sum += std::hypot(static_cast<double>(found->coords[r, 0] - found->coords[11, 0]),
                        static_cast<double>(found->coords[r, 1] - found->coords[11, 1]));
    }
    return sum;
  };
  EXPECT_GT(mean_distance(400), 1.1 * mean_distance(1));
}

TEST(UmapUnique, FoldsTargetsAndStarts) {
  const Matrix<float> x = twins();
  RunContext run;
  std::vector<std::int32_t> labels(120, 0);
  for (std::size_t r = 0; r < 120; ++r) labels[r] = static_cast<std::int32_t>(r % n_distinct % 2);
  const UmapOptions options{.n_epochs = 30, .unique = true};
  const auto agreed = umap(x.view(), {.labels = labels}, options, run);
  std::vector<std::int32_t> distinct_labels(labels.begin(), labels.begin() + n_distinct);
  labels[85] = 1 - labels[5];  // row 5 is not of one class any more
  distinct_labels[5] = kUnknownLabel;
  const auto split = umap(x.view(), {.labels = labels}, options, run);
  std::vector<std::int32_t> copies(n_distinct, 1);
  for (std::size_t r = 0; r < 40; ++r) copies[r] = 2;
  const auto unknown = umap(
      {.x = x.view().rows(0, n_distinct), .targets = {.labels = distinct_labels}, .copies = copies},
      {.n_epochs = 30}, run);
  ASSERT_TRUE(agreed && split && unknown) << to_string(unknown.error());
  EXPECT_FALSE(same_rows(agreed->coords.view(), split->coords.view()));
  EXPECT_TRUE(same_rows(split->coords.view().rows(0, n_distinct), unknown->coords.view()));

  const Matrix<float> start = twins();
  const auto placed = umap({.x = x.view(), .start = start.view()},
                           {.n_components = 4, .n_epochs = 0, .unique = true}, run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  EXPECT_TRUE(same_rows(placed->coords.view(), start.view()));
}

TEST(UmapUnique, HasAPlaceForRowsThatAreAllEqual) {
  RunContext run;
  const auto found = umap(Matrix<float>(30, 3).view(), {.unique = true}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_TRUE(same_rows(found->coords.view(), Matrix<float>(30, 2).view()));
}

TEST(UmapUnique, NamesWhatDoesNotFit) {
  Matrix<float> x = twins();
  RunContext run;
  const auto knn = exact_knn(x.view(), 14, Metric::euclidean, run);
  ASSERT_TRUE(knn);
  const auto ready = umap(*knn, x.view(), {}, {.unique = true}, run);
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().where, "unique");
  std::vector<std::int32_t> copies(120, 1);
  copies[9] = 0;
  const auto none = umap({.x = x.view(), .copies = copies}, {}, run);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().where, "copies of row 9");
  copies.pop_back();
  EXPECT_FALSE(umap({.x = x.view(), .copies = copies}, {}, run));
  x[101, 2] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = umap(x.view(), {.unique = true}, run);
  ASSERT_FALSE(broken);
  EXPECT_THAT(to_string(broken.error()), HasSubstr("row 101"));
}

TEST(UmapUnique, ModelsKeepEqualRowsOnce) {
  RunContext run;
  const UmapOptions options{.n_epochs = 40, .unique = true};
  const Matrix<float> x = twins();
  const auto model = UmapModel::fit(twins(), {}, options, {}, run);
  const auto plain = umap(x.view(), options, run);
  ASSERT_TRUE(model && plain) << to_string(model.error());
  EXPECT_EQ(model->rows().rows(), n_distinct);
  ASSERT_EQ(model->point_of_row().size(), 120U);
  EXPECT_EQ(model->point_of_row()[83], 3);
  EXPECT_TRUE(same_rows(model->layout().coords.view(), plain->coords.view().rows(0, n_distinct)));
  const auto placed = model->transform(x.view(), run);
  ASSERT_TRUE(placed);
  EXPECT_TRUE(same_rows(placed->view(), plain->coords.view()));
}

}  // namespace
}  // namespace topograph
