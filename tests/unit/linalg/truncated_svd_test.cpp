#include "topograph/linalg/truncated_svd.hpp"

#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>

#include "topograph/core/random.hpp"
#include "topograph/linalg/sparse_products.hpp"

namespace topograph {
namespace {

/// About one entry in four, with columns of falling scale.
Csr<float> random_sparse(std::size_t rows, std::size_t cols) {
  Csr<float> x;
  x.n_cols = cols;
  const RandomKey key = random_key(5, "test.sparse");
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      if (uniform(key, r, 2 * c) > 0.25) continue;
      x.columns.push_back(static_cast<std::int32_t>(c));
      x.values.push_back(static_cast<float>(uniform(key, r, 2 * c + 1) * std::pow(0.8, c % 40)));
    }
    x.offsets.push_back(static_cast<std::int64_t>(x.columns.size()));
  }
  return x;
}

Eigen::MatrixXd dense(const Csr<float>& x) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(x.rows()),
                                              static_cast<Eigen::Index>(x.cols()));
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const auto columns = x.view().row_columns(r);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out(static_cast<Eigen::Index>(r), columns[i]) =
          static_cast<double>(x.view().row_values(r)[i]);
    }
  }
  return out;
}

TruncatedSvd svd_of(const Csr<float>& x, std::size_t k, int threads = 1) {
  RunContext run({.threads = threads});
  auto svd = truncated_svd(x.view(), {.n_components = k, .n_iterations = 12}, run);
  EXPECT_TRUE(svd) << to_string(svd.error());
  return *std::move(svd);
}

void expect_exact(const Csr<float>& x, std::size_t k) {
  const TruncatedSvd svd = svd_of(x, k);
  const Eigen::BDCSVD<Eigen::MatrixXd> exact(dense(x), Eigen::ComputeThinU | Eigen::ComputeThinV);
  for (std::size_t c = 0; c < k; ++c) {
    const auto column = static_cast<Eigen::Index>(c);
    const double expected = exact.singularValues()(column);
    EXPECT_NEAR(svd.singular_values[c], expected, 1e-5 * exact.singularValues()(0));
    double cosine = 0;
    for (std::size_t r = 0; r < x.cols(); ++r) {
      cosine += static_cast<double>(svd.loadings[r, c]) *
                exact.matrixV()(static_cast<Eigen::Index>(r), column);
    }
    EXPECT_NEAR(std::abs(cosine), 1, 1e-4) << "component " << c;
  }
}

TEST(TruncatedSvd, EqualsTheFullDecompositionOfWideAndTallMatrices) {
  expect_exact(random_sparse(60, 150), 6);
  expect_exact(random_sparse(150, 60), 6);
}

TEST(TruncatedSvd, TheLargestEntryOfEveryColumnIsPositive) {
  const TruncatedSvd svd = svd_of(random_sparse(80, 50), 10);
  for (std::size_t c = 0; c < 10; ++c) {
    float extreme = 0;
    for (std::size_t r = 0; r < 50; ++r) {
      if (std::abs(svd.loadings[r, c]) > std::abs(extreme)) extreme = svd.loadings[r, c];
    }
    EXPECT_GT(extreme, 0);
  }
}

TEST(TruncatedSvd, ComponentsBeyondTheRankAreZero) {
  // Rows 1, 2, 3 times (3, 4): singular value 5 * sqrt(14), direction (.6, .8).
  const Csr<float> x{{0, 2, 4, 6}, {0, 1, 0, 1, 0, 1}, {3, 4, 6, 8, 9, 12}, 2};
  const TruncatedSvd svd = svd_of(x, 2);
  EXPECT_NEAR(svd.singular_values[0], 5 * std::sqrt(14.0), 1e-4);
  EXPECT_NEAR((svd.loadings[0, 0]), 0.6F, 1e-6F);
  EXPECT_NEAR((svd.loadings[1, 0]), 0.8F, 1e-6F);
  EXPECT_EQ(svd.singular_values[1], 0);
  EXPECT_EQ((svd.loadings[0, 1]), 0.0F);
}

TEST(TruncatedSvd, AMatrixWithoutEntriesHasNoDirections) {
  const Csr<float> x{{0, 0, 0, 0}, {}, {}, 4};
  const TruncatedSvd svd = svd_of(x, 2);
  EXPECT_EQ(svd.singular_values, (std::vector<double>{0, 0}));
}

TEST(TruncatedSvd, RefusesMoreComponentsThanTheSmallerSideAndNumbersThatAreNone) {
  RunContext run({.threads = 1});
  Csr<float> x{{0, 1, 2}, {0, 1}, {1, NAN}, 2};
  EXPECT_EQ(truncated_svd(x.view(), {.n_components = 3}, run).error().subject, Subject::option);
  EXPECT_EQ(truncated_svd(x.view(), {.n_components = 0}, run).error().subject, Subject::option);
  EXPECT_EQ(truncated_svd(x.view(), {.n_components = 1}, run).error().subject, Subject::input);
}

TEST(TruncatedSvd, GivesTheSameBitsForAnyNumberOfThreads) {
  const Csr<float> x = random_sparse(1500, 300);
  const TruncatedSvd one = svd_of(x, 20, 1);
  for (const int threads : {2, 3, 7}) {
    const TruncatedSvd more = svd_of(x, 20, threads);
    EXPECT_EQ(more.singular_values, one.singular_values);
    for (std::size_t i = 0; i < one.loadings.size(); ++i) {
      ASSERT_EQ(more.loadings.data()[i], one.loadings.data()[i]) << threads << " threads";
    }
  }
}

TEST(SparseProducts, TransposingTwiceGivesTheSameMatrix) {
  const Csr<float> x = random_sparse(30, 20);
  const Csr<float> again = transpose(transpose(x.view()).view());
  EXPECT_EQ(again.offsets, x.offsets);
  EXPECT_EQ(again.columns, x.columns);
  EXPECT_EQ(again.values, x.values);
}

}  // namespace
}  // namespace topograph
