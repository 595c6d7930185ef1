#include "topograph/cluster/gaussian_mixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stop_token>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::Each;
using testing::HasSubstr;

constexpr std::array kTypes = {CovarianceType::full, CovarianceType::tied, CovarianceType::diag,
                               CovarianceType::spherical};

/// `n` points each around 0 and, twice as wide, around `gap`; more of the former.
Matrix<float> two_blobs(std::size_t n, std::size_t dims, double gap) {
  const RandomKey key = random_key(5, "test.mixture");
  Matrix<float> x(n, dims);
  for (std::size_t row = 0; row < n; ++row) {
    const bool is_second = row % 3 == 2;
    for (std::size_t c = 0; c < dims; ++c) {
      const double z = normal(key, row, c);
      x[row, c] = static_cast<float>(is_second ? gap + 2 * z : z);
    }
  }
  return x;
}

TEST(GaussianMixture, FindsTwoBlobsWithEveryKindOfCovariance) {
  RunContext run;
  const auto x = two_blobs(900, 2, 20);
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const auto found =
        gaussian_mixture(x.view(), {}, {}, {.n_components = 2, .covariance_type = type}, run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->clusters.n_clusters, 2);
    for (std::size_t row = 0; row < x.rows(); ++row) {
      EXPECT_EQ(found->clusters.labels[row], row % 3 == 2 ? 1 : 0);
    }
    EXPECT_NEAR(found->mixture.weights[0], 2.0 / 3, 1e-6);
    EXPECT_NEAR((found->mixture.means[1, 0]), 20, 0.5);
    EXPECT_THAT(found->clusters.strength, Each(testing::Ge(0.99F)));
    EXPECT_TRUE(found->has_converged);
  }
}

TEST(GaussianMixture, OneComponentIsTheNormalDistributionOfThePoints) {
  RunContext run;
  Matrix<float> x(4, 1);
  for (std::size_t i = 0; i < 4; ++i) x[i, 0] = static_cast<float>(i);  // mean 1.5, variance 1.25
  const auto found = gaussian_mixture(x.view(), {}, {}, {.n_components = 1, .reg_covar = 0}, run);
  ASSERT_TRUE(found);
  EXPECT_NEAR((found->mixture.means[0, 0]), 1.5, 1e-12);
  EXPECT_NEAR((found->mixture.covariances[0, 0]), 1.25, 1e-12);
  const double expected = -0.5 * (std::log(2 * std::acos(-1.0) * 1.25) + 1);
  EXPECT_NEAR(found->log_likelihood, expected, 1e-12);
  EXPECT_NEAR(found->bic, -8 * expected + 2 * std::log(4.0), 1e-10);
  EXPECT_NEAR(found->aic, -8 * expected + 4, 1e-10);
}

TEST(GaussianMixture, NamesRegCovarWhenACovarianceIsSingular) {
  RunContext run;
  const Matrix<float> x(6, 3);  // all equal
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const GaussianMixtureOptions options{
        .n_components = 2, .covariance_type = type, .reg_covar = 0};
    const auto found = gaussian_mixture(x.view(), {}, {}, options, run);
    ASSERT_FALSE(found);
    EXPECT_THAT(to_string(found.error()), HasSubstr("reg_covar"));
  }
}

TEST(GaussianMixture, EqualPointsAreOneComponentWithTheDefaultRegularisation) {
  RunContext run;
  for (const std::size_t n : {1U, 30U}) {
    const auto found = gaussian_mixture(Matrix<float>(n, 3).view(), {}, {}, {}, run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->clusters.n_clusters, 1);
    EXPECT_THAT(found->clusters.strength, Each(1));
  }
}

TEST(GaussianMixture, NamesTheRowThatIsNotFinite) {
  RunContext run;
  auto x = two_blobs(30, 2, 5);
  x[17, 1] = std::numeric_limits<float>::infinity();
  const auto found = gaussian_mixture(x.view(), {}, {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("row 17"));
}

TEST(GaussianMixture, RefusesStartLabelsWithGaps) {
  RunContext run;
  const auto x = two_blobs(4, 2, 5);
  EXPECT_FALSE(gaussian_mixture(x.view(), {}, std::vector<std::int32_t>{0, 2, 2, 0}, {}, run));
  EXPECT_FALSE(gaussian_mixture(x.view(), {}, std::vector<std::int32_t>{0, 1, -1, 0}, {}, run));
  EXPECT_FALSE(gaussian_mixture(x.view(), {}, std::vector<std::int32_t>{0, 1}, {}, run));
}

TEST(GaussianMixture, ProbabilitiesOfAPointSumToOne) {
  RunContext run;
  const auto x = two_blobs(600, 3, 3);
  const auto found = gaussian_mixture(x.view(), {}, {}, {.n_components = 4}, run);
  ASSERT_TRUE(found);
  const auto predicted = predict_mixture(found->mixture, x.view(), run);
  ASSERT_TRUE(predicted);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    float sum = 0;
    for (const float p : predicted->probabilities.row(row)) sum += p;
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST(GaussianMixture, SamplesHaveItsMeansAndSpread) {
  RunContext run;
  const auto x = two_blobs(3000, 2, 20);
  for (const CovarianceType type : kTypes) {
    SCOPED_TRACE(enum_name(type));
    const auto found =
        gaussian_mixture(x.view(), {}, {}, {.n_components = 2, .covariance_type = type}, run);
    ASSERT_TRUE(found);
    const auto drawn = sample_mixture(found->mixture, 6000, run);
    ASSERT_TRUE(drawn);
    const auto again = gaussian_mixture(drawn->points.view(), {}, drawn->components,
                                        {.covariance_type = type, .max_iter = 1}, run);
    ASSERT_TRUE(again);
    for (std::size_t c = 0; c < 2; ++c) {
      EXPECT_NEAR(again->mixture.weights[c], found->mixture.weights[c], 0.02);
      for (std::size_t t = 0; t < 2; ++t) {
        EXPECT_NEAR((again->mixture.means[c, t]), (found->mixture.means[c, t]), 0.15);
      }
    }
    for (std::size_t c = 0; c < found->mixture.covariances.rows(); ++c) {
      for (std::size_t i = 0; i < found->mixture.covariances.cols(); ++i) {
        EXPECT_NEAR((again->mixture.covariances[c, i]), (found->mixture.covariances[c, i]), 0.3);
      }
    }
  }
}

TEST(GaussianMixture, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.stop = stop.get_token()});
  const auto found = gaussian_mixture(two_blobs(3000, 4, 9).view(), {}, {}, {}, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph
