#include "topograph/reduce/tsne.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/reduce/tsne_affinities.hpp"

namespace topograph {
namespace {

/// Groups of 40 rows around distant centres.
Matrix<float> groups(std::size_t n_groups, std::size_t dim = 8) {
  Matrix<float> x(40 * n_groups, dim);
  const RandomKey key = random_key(3, "test.groups");
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < dim; ++c) {
      const double center = c == r / 40 ? 20.0 : 0.0;
      x[r, c] = static_cast<float>(center + normal(key, r, c));
    }
  }
  return x;
}

/// Share of rows whose nearest neighbour in the layout is of their group.
double purity(const Matrix<float>& coords) {
  RunContext run;
  const auto knn = exact_knn(coords.view(), 1, Metric::euclidean, run);
  double same = 0;
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    same += idx(knn->ids[r, 0]) / 40 == r / 40 ? 1 : 0;
  }
  return same / static_cast<double>(coords.rows());
}

TEST(TsneAffinities, AreSymmetricSumToOneAndHaveThePerplexity) {
  RunContext run;
  const Matrix<float> x = groups(3);
  const auto knn = exact_knn(x.view(), 45, Metric::euclidean, run);
  const auto weights = perplexity_weights(*knn, 15, run);
  ASSERT_TRUE(weights);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    double entropy = 0;
    for (const float p : weights->row(r)) {
      if (p > 0) entropy -= static_cast<double>(p) * std::log(static_cast<double>(p));
    }
    EXPECT_NEAR(std::exp(entropy), 15.0, 1e-3);
  }
  const auto joint = tsne_affinities(*knn, 15, run);
  ASSERT_TRUE(joint);
  double sum = 0;
  for (const float p : joint->values) sum += static_cast<double>(p);
  EXPECT_NEAR(sum, 1.0, 1e-6);
}

TEST(TsneAffinities, AreUniformWhereAllDistancesAreEqual) {
  RunContext run;
  KnnGraph knn{Matrix<std::int32_t>(2, 1), Matrix<float>(2, 1)};
  knn.ids[0, 0] = 1;
  const auto weights = perplexity_weights(knn, 1, run);
  ASSERT_TRUE(weights);
  EXPECT_EQ(((*weights)[0, 0]), 1.0F);
}

TEST(TsneAffinities, NameTheRowOfABadDistance) {
  RunContext run;
  KnnGraph knn{Matrix<std::int32_t>(3, 2), Matrix<float>(3, 2)};
  knn.distances[2, 1] = std::numeric_limits<float>::quiet_NaN();
  const auto weights = perplexity_weights(knn, 1, run);
  ASSERT_FALSE(weights);
  EXPECT_EQ(weights.error().where, "row 2");
  EXPECT_EQ(perplexity_weights(knn, 3, run).error().where, "perplexity");
}

TEST(Tsne, KeepsGroupsTogetherInOneTwoAndThreeDimensions) {
  RunContext run({.threads = 2});
  const Matrix<float> x = groups(5);
  for (const int dim : {1, 2, 3}) {
    const auto layout = tsne(x.view(), {.perplexity = 10, .n_components = dim}, run);
    ASSERT_TRUE(layout) << to_string(layout.error());
    EXPECT_EQ(layout->coords.cols(), idx(dim));
    EXPECT_GT(purity(layout->coords), 0.99) << dim;
    EXPECT_GT(layout->kl_divergence, 0.0);
    EXPECT_LT(layout->kl_divergence, 1.5) << dim;
  }
}

/// sum p log(p / q) over all pairs, in float64 and without any approximation.
double exact_divergence(const Csr<float>& affinities, const Matrix<float>& coords) {
  const auto similarity = [&](std::size_t i, std::size_t j) {
    double square = 0;
    for (std::size_t c = 0; c < coords.cols(); ++c) {
      square += std::pow(static_cast<double>(coords[i, c]) - static_cast<double>(coords[j, c]), 2);
    }
    return 1 / (1 + square);
  };
  double total = 0;
  for (std::size_t i = 0; i < coords.rows(); ++i) {
    for (std::size_t j = 0; j < coords.rows(); ++j) total += i == j ? 0 : similarity(i, j);
  }
  double sum = 0;
  for (std::size_t i = 0; i < coords.rows(); ++i) {
    const auto ids = affinities.view().row_columns(i);
    const auto values = affinities.view().row_values(i);
    for (std::size_t k = 0; k < ids.size(); ++k) {
      const auto p = static_cast<double>(values[k]);
      sum += p * std::log(p * total / similarity(i, idx(ids[k])));
    }
  }
  return sum;
}

TEST(Tsne, ReportsTheDivergenceOfItsLayout) {
  RunContext run({.threads = 2});
  const Matrix<float> x = groups(6);
  const auto knn = exact_knn(x.view(), 30, Metric::euclidean, run);
  const auto affinities = tsne_affinities(*knn, 10, run);
  for (const TsneGradient gradient :
       {TsneGradient::exact, TsneGradient::fft, TsneGradient::barnes_hut}) {
    const auto layout =
        tsne(*knn, x.view(), {.perplexity = 10, .n_iter = 100, .gradient = gradient}, run);
    ASSERT_TRUE(layout);
    const double wanted = exact_divergence(*affinities, layout->coords);
    // Splines on a grid and summaries of far points know the sum of similarities nearly.
    const double tolerance = gradient == TsneGradient::barnes_hut ? 1e-2
                             : gradient == TsneGradient::fft      ? 5e-4
                                                                  : 1e-5;
    EXPECT_NEAR(layout->kl_divergence, wanted, tolerance * wanted) << enum_name(gradient);
  }
}

TEST(Tsne, ReachesTheSameDivergenceByEveryGradient) {
  RunContext run({.threads = 2});
  const Matrix<float> x = groups(6);
  TsneOptions options{.perplexity = 10};
  options.gradient = TsneGradient::exact;
  const double exact = tsne(x.view(), options, run)->kl_divergence;
  for (const TsneGradient gradient : {TsneGradient::fft, TsneGradient::barnes_hut}) {
    options.gradient = gradient;
    const auto layout = tsne(x.view(), options, run);
    ASSERT_TRUE(layout);
    EXPECT_NEAR(layout->kl_divergence, exact, 0.04 * exact) << enum_name(gradient);
  }
}

TEST(Tsne, TakesFewRowsWithALowerPerplexityAndSaysSo) {
  RunContext run;
  for (const std::size_t n : {0U, 1U, 2U, 3U, 5U}) {
    Matrix<float> x(n, 4);
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i * i);
    const auto layout = tsne(x.view(), {}, run);
    ASSERT_TRUE(layout) << n << ": " << to_string(layout.error());
    EXPECT_EQ(layout->coords.rows(), n);
    for (std::size_t i = 0; i < layout->coords.size(); ++i) {
      EXPECT_TRUE(std::isfinite(layout->coords.data()[i]));
    }
    EXPECT_EQ(layout->warnings.empty(), n < 2);
  }
}

TEST(Tsne, TakesRowsThatAreAllEqual) {
  RunContext run;
  const Matrix<float> x(60, 4);
  const auto layout = tsne(x.view(), {.perplexity = 5}, run);
  ASSERT_TRUE(layout) << to_string(layout.error());
  ASSERT_EQ(layout->warnings.size(), 1U);
  for (std::size_t i = 0; i < layout->coords.size(); ++i) {
    EXPECT_TRUE(std::isfinite(layout->coords.data()[i]));
  }
}

TEST(Tsne, NamesTheRowThatIsNotFinite) {
  RunContext run;
  Matrix<float> x = groups(2);
  x[17, 2] = std::numeric_limits<float>::infinity();
  const auto layout = tsne(x.view(), {.perplexity = 5}, run);
  ASSERT_FALSE(layout);
  EXPECT_NE(to_string(layout.error()).find("row 17"), std::string::npos);
}

TEST(Tsne, RefusesInterpolationInThreeDimensions) {
  RunContext run;
  const Matrix<float> x = groups(1);
  const auto layout = tsne(x.view(), {.n_components = 3, .gradient = TsneGradient::fft}, run);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().where, "gradient");
}

TEST(Tsne, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  RunContext run({.stop = source.get_token()});
  const Matrix<float> x = groups(2);
  const auto layout = tsne(x.view(), {.perplexity = 5}, run);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().code, ErrorCode::cancelled);
}

struct Fitted {
  Matrix<float> x = groups(5);
  Matrix<float> coords = {};
};

Fitted fitted(RunContext& run) {
  Fitted made;
  made.coords = tsne(made.x.view(), {.perplexity = 10}, run)->coords;
  return made;
}

TEST(TsneTransform, GivesATrainingRowItsOwnPlace) {
  RunContext run;
  const Fitted fit = fitted(run);
  const auto near = exact_knn_query(fit.x.view(), fit.x.view(), 25, Metric::euclidean, run);
  const auto placed = tsne_transform(*near, fit.coords.view(), {}, run);
  ASSERT_TRUE(placed);
  for (std::size_t i = 0; i < fit.coords.size(); ++i) {
    EXPECT_EQ(placed->data()[i], fit.coords.data()[i]);
  }
}

TEST(TsneTransform, PlacesNewRowsInTheirGroupWhateverElseIsAsked) {
  RunContext run({.threads = 2});
  const Fitted fit = fitted(run);
  Matrix<float> queries = fit.x;
  for (std::size_t i = 0; i < queries.size(); ++i) queries.data()[i] += 0.1F;
  const auto near = exact_knn_query(fit.x.view(), queries.view(), 25, Metric::euclidean, run);
  const auto together = tsne_transform(*near, fit.coords.view(), {}, run);
  ASSERT_TRUE(together);
  const auto landed =
      exact_knn_query(fit.coords.view(), together->view(), 1, Metric::euclidean, run);
  for (std::size_t r = 0; r < queries.rows(); ++r) {
    EXPECT_EQ(idx(landed->ids[r, 0]) / 40, r / 40) << r;
    const auto one =
        exact_knn_query(fit.x.view(), queries.view().rows(r, r + 1), 25, Metric::euclidean, run);
    const auto alone = tsne_transform(*one, fit.coords.view(), {}, run);
    ASSERT_TRUE(alone);
    EXPECT_EQ(((*alone)[0, 0]), ((*together)[r, 0]));
    EXPECT_EQ(((*alone)[0, 1]), ((*together)[r, 1]));
  }
}

TEST(TsneTransform, RefusesNeighboursOutsideTheLayout) {
  RunContext run;
  KnnGraph near{Matrix<std::int32_t>(1, 3), Matrix<float>(1, 3)};
  near.ids[0, 2] = 9;
  const Matrix<float> coords(5, 2);
  const auto placed = tsne_transform(near, coords.view(), {}, run);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().where, "row 0");
}

}  // namespace
}  // namespace topograph
