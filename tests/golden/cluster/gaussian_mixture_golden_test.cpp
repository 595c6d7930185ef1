#include <gmock/gmock.h>

#include "centers_golden.hpp"
#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/run_context.hpp"

// Expectations from scikit-learn 1.9.1 with the same k-means start, in float64.
namespace topograph {
namespace {

class MixtureGolden : public testing::TestWithParam<CovarianceType> {};

TEST_P(MixtureGolden, TheSameStartGivesThePeersMixture) {
  const CovarianceType type = GetParam();
  const CentersGolden golden("mixture_" + std::string(enum_name(type)));
  const auto x = golden.matrix("x");
  RunContext run;
  const auto found = gaussian_mixture(x.view(), {}, golden.ints("start_labels"),
                                      {.covariance_type = type, .tol = 1e-5, .max_iter = 200}, run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found->n_iter, golden.ints("n_iter")[0]);
  const auto scores = golden.doubles("scores");
  EXPECT_NEAR(found->lower_bound, scores[0], 1e-8);
  EXPECT_NEAR(found->bic / scores[1], 1, 1e-9);
  EXPECT_NEAR(found->aic / scores[2], 1, 1e-9);

  // Our components are numbered by size: find the peer's number of each by its weight.
  const GaussianMixture& mixture = found->mixture;
  const auto weights = golden.doubles("weights");
  const auto means = golden.doubles("means");
  const auto covariances = golden.doubles("covariances");
  const auto predicted = predict_mixture(mixture, x.view(), run);
  ASSERT_TRUE(predicted);
  const auto probabilities = golden.doubles("probabilities");
  const auto log_likelihood = golden.doubles("log_likelihood");
  const std::size_t d = x.cols();
  for (std::size_t c = 0; c < mixture.size(); ++c) {
    std::size_t peer = 0;
    while (std::abs(weights[peer] - mixture.weights[c]) > 1e-7) {
      ASSERT_LT(++peer, weights.size());
    }
    for (std::size_t t = 0; t < d; ++t) {
      EXPECT_NEAR((mixture.means[c, t]), means[peer * d + t], 1e-7);
    }
    const auto own = mixture.covariances.row(type == CovarianceType::tied ? 0 : c);
    const std::size_t first = type == CovarianceType::tied ? 0 : peer * own.size();
    for (std::size_t i = 0; i < own.size(); ++i) {
      EXPECT_NEAR(own[i], covariances[first + i], 1e-6);
    }
    for (std::size_t row = 0; row < x.rows(); ++row) {
      EXPECT_NEAR((predicted->probabilities[row, c]), probabilities[row * mixture.size() + peer],
                  1e-6);
    }
  }
  for (std::size_t row = 0; row < x.rows(); ++row) {
    EXPECT_NEAR(predicted->log_likelihood[row], log_likelihood[row], 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Types, MixtureGolden,
                         testing::Values(CovarianceType::full, CovarianceType::tied,
                                         CovarianceType::diag, CovarianceType::spherical),
                         [](const auto& type) { return std::string(enum_name(type.param)); });

}  // namespace
}  // namespace topograph
