#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph {
namespace {

using testing::HasSubstr;

/// Columns of falling spread around an offset.
Matrix<float> falling(std::size_t n, std::size_t d) {
  const RandomKey key = random_key(3, "test.pca");
  Matrix<float> x(n, d);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < d; ++c) {
      x[r, c] = static_cast<float>(7 + normal(key, r, c) * std::pow(0.7, static_cast<double>(c)));
    }
  }
  return x;
}

void expect_same_bits(const Pca& a, const Pca& b) {
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.explained_variance, b.explained_variance);
  EXPECT_EQ(a.total_variance, b.total_variance);
  ASSERT_EQ(a.components.size(), b.components.size());
  EXPECT_TRUE(std::equal(a.components.data(), a.components.data() + a.components.size(),
                         b.components.data()));
}

TEST(RandomizedPca, HasTheSameBitsForAnyNumberOfThreads) {
  const auto x = falling(3000, 20);
  const PcaOptions options{.n_components = 3, .solver = PcaSolver::randomized, .n_oversamples = 4};
  RunContext one({.threads = 1});
  const auto first = fit_pca(x.view(), options, one);
  ASSERT_TRUE(first);
  for (const int threads : {2, 3, 7}) {
    RunContext many({.threads = threads});
    expect_same_bits(*fit_pca(x.view(), options, many), *first);
  }
}

TEST(Svd, IsAboutTheOriginAndTheSameByEverySolver) {
  const auto x = falling(900, 12);
  RunContext run({.threads = 2});
  const PcaOptions options{.n_components = 4, .solver = PcaSolver::exact};
  const auto exact = fit_svd(x.view(), options, run);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->mean, std::vector<float>(12, 0.0F));
  // Columns around 7: the first direction is that of the mean, which PCA takes away.
  for (std::size_t c = 0; c < 12; ++c) {
    EXPECT_NEAR((exact->components[0, c]), 1 / std::sqrt(12.0F), 0.01F);
  }
  const auto scores = apply_pca(*exact, x.view(), run);
  ASSERT_TRUE(scores);
  for (std::size_t k = 0; k < 4; ++k) {
    double square = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
      square += std::pow(static_cast<double>((*scores)[r, k]), 2);
    }
    EXPECT_NEAR(square / 899, exact->explained_variance[k], 1e-4 * exact->explained_variance[k]);
  }
  const auto other = fit_svd(x.view(), {.n_components = 4, .solver = PcaSolver::randomized}, run);
  ASSERT_TRUE(other);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(other->explained_variance[k], exact->explained_variance[k],
                1e-5 * exact->explained_variance[k]);
  }
}

TEST(RandomizedPca, GivesTheSameWhetherTheCovarianceIsFormedOrNot) {
  const auto x = falling(700, 150);
  RunContext run;
  // Few products do not pay for a covariance of 150 columns, more do.
  const PcaOptions few{
      .n_components = 2, .solver = PcaSolver::randomized, .n_oversamples = 6, .n_iter = 2};
  PcaOptions more = few;
  more.n_iter = 3;
  const auto a = fit_pca(x.view(), few, run);
  const auto b = fit_pca(x.view(), more, run);
  ASSERT_TRUE(a && b);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(a->explained_variance[k], b->explained_variance[k],
                1e-3 * b->explained_variance[k]);
  }
  EXPECT_NEAR(a->total_variance, b->total_variance, 1e-6 * b->total_variance);
}

TEST(RandomizedPca, FindsMoreWithMoreIterations) {
  // Without structure a sketch alone misses much of the largest variances.
  const RandomKey key = random_key(9, "test.pca");
  Matrix<float> x(400, 200);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  RunContext run;
  const double exact = fit_pca(x.view(), 2, run)->explained_variance[0];
  const auto found = [&](int n_iter) {
    const PcaOptions options{.solver = PcaSolver::randomized, .n_oversamples = 2, .n_iter = n_iter};
    return fit_pca(x.view(), options, run)->explained_variance[0];
  };
  EXPECT_LT(found(0), 0.95 * exact);
  EXPECT_GT(found(5), found(0));
  EXPECT_GT(found(60), 0.995 * exact);
  EXPECT_LE(found(60), exact * (1 + 1e-9));
}

TEST(RandomizedPca, TakesOverWhereColumnsAreManyAndComponentsFew) {
  const auto x = falling(60, 2001);
  RunContext run;
  const auto automatic = fit_pca(x.view(), PcaOptions{}, run);
  const auto randomized = fit_pca(x.view(), PcaOptions{.solver = PcaSolver::randomized}, run);
  ASSERT_TRUE(automatic);
  expect_same_bits(*automatic, *randomized);
  const auto narrow = falling(60, 30);
  expect_same_bits(*fit_pca(narrow.view(), PcaOptions{}, run), *fit_pca(narrow.view(), 2, run));
}

TEST(RandomizedPca, OfEqualRowsHasNoVariance) {
  Matrix<float> x(9, 4);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = 2;
  RunContext run;
  const auto pca =
      fit_pca(x.view(), PcaOptions{.whiten = true, .solver = PcaSolver::randomized}, run);
  ASSERT_TRUE(pca);
  EXPECT_EQ(pca->explained_variance_ratio(), (std::vector<double>{0, 0}));
  const auto scores = apply_pca(*pca, x.view(), run);
  ASSERT_TRUE(scores);
  for (std::size_t i = 0; i < scores->size(); ++i) EXPECT_EQ(scores->data()[i], 0.0F);
}

TEST(PcaOptions, OutOfRangeAreRefused) {
  const auto x = falling(10, 4);
  RunContext run;
  EXPECT_FALSE(fit_pca(x.view(), PcaOptions{.n_components = 0}, run));
  EXPECT_FALSE(fit_pca(x.view(), PcaOptions{.n_components = 5}, run));
  EXPECT_FALSE(fit_pca(x.view(), PcaOptions{.n_iter = -1}, run));
}

TEST(PcaAccumulator, AgreesWithAllRowsAtOnceForAnyBlocks) {
  const auto x = falling(1500, 12);
  RunContext run;
  const auto whole = fit_pca(x.view(), 4, run);
  ASSERT_TRUE(whole);
  for (const std::size_t size : {1U, 7U, 600U, 1500U}) {
    PcaAccumulator blocks;
    for (std::size_t begin = 0; begin < x.rows(); begin += size) {
      ASSERT_TRUE(blocks.add(x.view().rows(begin, std::min(begin + size, x.rows())), run));
    }
    EXPECT_EQ(blocks.rows(), x.rows());
    const auto pca = blocks.fit(4);
    ASSERT_TRUE(pca);
    EXPECT_NEAR(pca->total_variance, whole->total_variance, 1e-7);
    for (std::size_t c = 0; c < 4; ++c) {
      EXPECT_NEAR(pca->explained_variance[c], whole->explained_variance[c], 1e-7);
      for (std::size_t j = 0; j < x.cols(); ++j) {
        EXPECT_NEAR((pca->components[c, j]), (whole->components[c, j]), 1e-6F);
      }
    }
  }
}

TEST(PcaAccumulator, HasTheSameBitsForAnyNumberOfThreads) {
  const auto x = falling(4000, 12);
  const auto fitted = [&](int threads) {
    RunContext run({.threads = threads});
    PcaAccumulator blocks;
    EXPECT_TRUE(blocks.add(x.view().rows(0, 2500), run));
    EXPECT_TRUE(blocks.add(x.view().rows(2500, 4000), run));
    return *blocks.fit(3);
  };
  const Pca first = fitted(1);
  for (const int threads : {2, 3, 7}) expect_same_bits(fitted(threads), first);
}

TEST(PcaOfASource, ReadsEveryRowOnceAndAgreesWithTheMatrix) {
  const auto x = falling(20000, 5);  // more than two blocks
  RunContext run;
  const auto whole = fit_pca(x.view(), 3, run);
  const auto read = fit_pca(MatrixRows(x.view()), 3, run);
  ASSERT_TRUE(whole && read);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(read->explained_variance[c], whole->explained_variance[c], 1e-7);
    for (std::size_t j = 0; j < x.cols(); ++j) {
      EXPECT_NEAR((read->components[c, j]), (whole->components[c, j]), 1e-6F);
    }
  }
  for (const int threads : {2, 3, 7}) {
    RunContext many({.threads = threads});
    expect_same_bits(*fit_pca(MatrixRows(x.view()), 3, many), *read);
  }
}

/// Fails from a row on.
class BrokenRows final : public RowSource {
 public:
  [[nodiscard]] std::size_t rows() const override { return 10000; }
  [[nodiscard]] std::size_t cols() const override { return 2; }
  [[nodiscard]] Result<void> read(std::span<const std::int64_t> ids,
                                  MatrixView<float> out) const override {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] >= 9000) return input_error(ErrorCode::io, "rows.bin", "truncated");
      out[i, 0] = out[i, 1] = static_cast<float>(ids[i] % 7);
    }
    return {};
  }
};

TEST(PcaOfASource, HandsOnWhatTheSourceFailsWith) {
  RunContext run;
  const auto found = fit_pca(BrokenRows(), 1, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::io);
  EXPECT_FALSE(fit_pca(BrokenRows(), 3, run));
}

TEST(PcaAccumulator, RefusesOtherColumnsAndNaNAndKeepsWhatItHad) {
  RunContext run;
  PcaAccumulator blocks;
  EXPECT_FALSE(blocks.fit(1));
  const auto x = falling(20, 3);
  ASSERT_TRUE(blocks.add(x.view(), run));
  const auto other = blocks.add(falling(5, 4).view(), run);
  ASSERT_FALSE(other);
  EXPECT_THAT(to_string(other.error()), HasSubstr("found 4"));
  auto broken = falling(5, 3);
  broken[2, 1] = std::numeric_limits<float>::quiet_NaN();
  const auto nan = blocks.add(broken.view(), run);
  ASSERT_FALSE(nan);
  EXPECT_THAT(to_string(nan.error()), HasSubstr("row 22"));
  EXPECT_EQ(blocks.rows(), 20U);
  PcaAccumulator untouched;
  ASSERT_TRUE(untouched.add(x.view(), run));
  expect_same_bits(*blocks.fit(2), *untouched.fit(2));
}

}  // namespace
}  // namespace topograph
