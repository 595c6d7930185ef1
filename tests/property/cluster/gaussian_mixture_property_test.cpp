#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

constexpr std::array kTypes = {CovarianceType::full, CovarianceType::tied, CovarianceType::diag,
                               CovarianceType::spherical};

Matrix<float> blobs(std::uint64_t seed, std::size_t n, std::size_t dims) {
  const RandomKey key = random_key(seed, "test.mixture");
  Matrix<float> x(n, dims);
  for (std::size_t row = 0; row < n; ++row) {
    const std::uint64_t blob = row % 5;
    for (std::size_t c = 0; c < dims; ++c) {
      const double center = 5 * uniform(key, n + blob, c);
      x[row, c] = static_cast<float>(center + normal(key, row, c));
    }
  }
  return x;
}

std::vector<std::int32_t> blob_of(std::size_t n) {
  std::vector<std::int32_t> labels(n);
  for (std::size_t row = 0; row < n; ++row) labels[row] = static_cast<std::int32_t>(row % 5);
  return labels;
}

Matrix<float> rows_of(const Matrix<float>& x, const std::vector<std::int32_t>& rows) {
  Matrix<float> out(rows.size(), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(x.view().row(idx(rows[i])), out.row(i).begin());
  }
  return out;
}

std::vector<double> values(const Matrix<double>& m) { return {m.data(), m.data() + m.size()}; }

TEST(GaussianMixtureProperty, ThreadsDoNotChangeABit) {
  const auto x = blobs(1, 3000, 19);
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const GaussianMixtureOptions options{.n_components = 6, .covariance_type = type, .n_init = 2};
    RunContext one({.threads = 1});
    const auto expected = gaussian_mixture(x.view(), {}, {}, options, one);
    ASSERT_TRUE(expected);
    for (const int threads : {2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto found = gaussian_mixture(x.view(), {}, {}, options, run);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->clusters.labels, expected->clusters.labels);
      EXPECT_EQ(found->clusters.strength, expected->clusters.strength);
      EXPECT_EQ(found->lower_bound, expected->lower_bound);
      EXPECT_EQ(values(found->mixture.means), values(expected->mixture.means));
      EXPECT_EQ(values(found->mixture.covariances), values(expected->mixture.covariances));
    }
  }
}

TEST(GaussianMixtureProperty, ACopyIsAWeight) {
  const auto x = blobs(2, 500, 3);
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> weights(x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    weights[i] = 1 + static_cast<std::int32_t>(i % 3);
    rows.insert(rows.end(), idx(weights[i]), narrow<std::int32_t>(i));
  }
  const auto copies = rows_of(x, rows);
  std::vector<std::int32_t> copied_labels;
  for (const std::int32_t row : rows) copied_labels.push_back(row % 5);
  RunContext run;
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const GaussianMixtureOptions options{.covariance_type = type, .max_iter = 20};
    const auto a = gaussian_mixture(x.view(), weights, blob_of(x.rows()), options, run);
    const auto b = gaussian_mixture(copies.view(), {}, copied_labels, options, run);
    ASSERT_TRUE(a && b);
    EXPECT_NEAR(a->log_likelihood, b->log_likelihood, 1e-8);
    EXPECT_NEAR(a->bic / b->bic, 1, 1e-8);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(b->clusters.labels[i], a->clusters.labels[idx(rows[i])]);
    }
  }
}

TEST(GaussianMixtureProperty, OrderOfRowsDoesNotMatterFromGivenLabels) {
  const auto x = blobs(3, 800, 4);
  const auto labels = blob_of(x.rows());
  const auto order = random_permutation(random_key(1, "test.order"), x.rows());
  std::vector<std::int32_t> shuffled;
  for (const std::int32_t row : order) shuffled.push_back(labels[idx(row)]);
  RunContext run;
  const auto a = gaussian_mixture(x.view(), {}, labels, {}, run);
  const auto b = gaussian_mixture(rows_of(x, order).view(), {}, shuffled, {}, run);
  ASSERT_TRUE(a && b);
  EXPECT_NEAR(a->log_likelihood, b->log_likelihood, 1e-9);
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(b->clusters.labels[i], a->clusters.labels[idx(order[i])]);
  }
}

TEST(GaussianMixtureProperty, ScalingMovesTheLikelihoodAndNoLabel) {
  const auto x = blobs(5, 900, 4);
  auto scaled = x;
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled.data()[i] *= 4;
  RunContext run;
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const GaussianMixtureOptions options{.covariance_type = type, .reg_covar = 1e-6};
    const GaussianMixtureOptions wider{.covariance_type = type, .reg_covar = 16e-6};
    const auto a = gaussian_mixture(x.view(), {}, blob_of(x.rows()), options, run);
    const auto b = gaussian_mixture(scaled.view(), {}, blob_of(x.rows()), wider, run);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(b->clusters.labels, a->clusters.labels);
    EXPECT_NEAR(b->log_likelihood, a->log_likelihood - 4 * std::log(4.0), 1e-9);
  }
}

TEST(GaussianMixtureProperty, ARowIsPredictedTheSameInAnyCompany) {
  const auto x = blobs(4, 600, 35);
  RunContext run;
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const auto fitted = gaussian_mixture(
        x.view(), {}, {}, {.n_components = 5, .covariance_type = type, .reg_covar = 1e-3}, run);
    ASSERT_TRUE(fitted);
    const auto all = predict_mixture(fitted->mixture, x.view(), run);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->labels, fitted->clusters.labels);
    for (const std::size_t row : {0U, 7U, 255U, 599U}) {
      const auto one = predict_mixture(fitted->mixture, x.view().rows(row, row + 1), run);
      ASSERT_TRUE(one);
      EXPECT_EQ(one->log_likelihood[0], all->log_likelihood[row]);
      EXPECT_THAT(one->probabilities.row(0),
                  testing::ElementsAreArray(all->probabilities.row(row)));
    }
  }
}

}  // namespace
}  // namespace topograph
